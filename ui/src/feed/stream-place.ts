// The browser's locks in; one of the few places for streams that all tabs together have, or nothing, out.

/** What `navigator.locks` is here (Web Locks, section 3.2). */
export interface Locks {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    run: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** Gives the place back; the browser does, too, when the tab is closed or dies. */
export type Release = () => void;

/**
 * A browser opens six connections to one address of HTTP/1.1, for all its tabs, and a stream keeps one: with six streams no tab could ask
 * anything, or answer a question. Two are left to requests.
 */
const PLACES = { events: ['1', '2', '3'], questions: ['1'] } as const;

export type StreamKind = keyof typeof PLACES;

function takeLock(locks: Locks, name: string): Promise<Release | undefined> {
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock !== null) return new Promise<void>((free) => resolve(free));
      resolve(undefined);
      return undefined;
    });
    held.catch(reject);
  });
}

/** @returns undefined: other tabs have all of them */
export async function takePlace(kind: StreamKind, locks: Locks): Promise<Release | undefined> {
  for (const name of PLACES[kind]) {
    const release = await takeLock(locks, `leash-${kind}-${name}`);
    if (release !== undefined) return release;
  }
  return undefined;
}
