// The address that `leash ui` opened in; the token, kept for this tab only, out. The address bar forgets it.

const KEY = 'leash-token';

export interface Access {
  readonly token: string;
  /** The only session that the token is for; undefined: all of the user's. */
  readonly session: string | undefined;
}

/** `#token=…` or `#session=…&token=…`; without it what this tab was opened with before. undefined: nothing. */
export function takeAccess(location: Location, history: History, storage: Storage): Access | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token !== null) {
    storage.setItem(KEY, token);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  const kept = token ?? storage.getItem(KEY);
  if (kept === null) return undefined;
  return { token: kept, session: /^session:(.+)\.[\w-]+$/.exec(kept)?.[1] };
}
