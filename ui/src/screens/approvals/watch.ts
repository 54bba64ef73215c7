// Lists of open questions as they come in; which one the keys mean, and whether it was seen for long enough to be answered, out. Pure.

/** Milliseconds. A key or a click that was meant for the question before must not answer this one. */
export const SEEN = 500;

export interface Watched {
  /** The question that keys answer. */
  readonly current: string | undefined;
  /** Its place in the list: what moves up there is the next one. */
  readonly place: number;
  /** When the keys began to mean it. */
  readonly since: number;
  /** When each was shown first, and when what stands below it moved last. */
  readonly shown: ReadonlyMap<string, number>;
}

export const NOTHING: Watched = { current: undefined, place: 0, since: 0, shown: new Map() };

/** The list changed. What moved counts as shown anew: it may have come under a finger. */
export function listed(before: Watched, ids: readonly string[], now: number): Watched {
  const places = [...before.shown.keys()];
  const shown = new Map(
    ids.map((id, place) => [id, places[place] === id ? (before.shown.get(id) ?? now) : now] as const),
  );
  const at = before.current === undefined ? -1 : ids.indexOf(before.current);
  if (at >= 0) return { ...before, place: at, shown };
  const place = Math.max(0, Math.min(before.place, ids.length - 1));
  return { current: ids[place], place, since: now, shown };
}

/** The next one, or the one before; the ends hold. */
export function moved(before: Watched, by: 1 | -1, now: number): Watched {
  const ids = [...before.shown.keys()];
  const place = Math.max(0, Math.min(before.place + by, ids.length - 1));
  const current = ids[place];
  return current === before.current ? before : { ...before, current, place, since: now };
}

export function chosen(before: Watched, id: string, now: number): Watched {
  if (id === before.current || !before.shown.has(id)) return before;
  return { ...before, current: id, place: [...before.shown.keys()].indexOf(id), since: now };
}

/** The page came to the front: what stood there while nobody looked is shown only now. */
export function revealed(before: Watched, now: number): Watched {
  return { ...before, since: now, shown: new Map([...before.shown.keys()].map((id) => [id, now])) };
}

export function mayClick({ shown }: Watched, id: string, now: number): boolean {
  const since = shown.get(id);
  return since !== undefined && now - since >= SEEN;
}

export function mayPress(watched: Watched, now: number): boolean {
  const { current, since } = watched;
  return current !== undefined && now - since >= SEEN && mayClick(watched, current, now);
}
