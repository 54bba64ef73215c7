// Signals to leash in, orders to the warden out: the agent is asked to end, then made to.

/** Milliseconds from the request to end until SIGKILL, and from there until the sandbox is torn down. */
const GRACE = 5_000;
const LAST_GRACE = 2_000;
const SIGKILL = 9;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGTERM: 15 } as const;
type Name = keyof typeof SIGNALS;

export interface SignalTarget {
  signal(number: number): void;
  abort(): void;
}

/**
 * Forwards signals until the returned function is called. What the terminal sends reaches the agent by itself, in the same process group;
 * the warden knows the difference.
 * @returns ends forwarding
 */
export function forwardSignals(target: SignalTarget): () => void {
  let timer: NodeJS.Timeout | undefined;
  const handlers = (Object.keys(SIGNALS) as Name[]).map((name) => {
    const handler = (): void => {
      target.signal(SIGNALS[name]);
      if (name !== 'SIGTERM' && name !== 'SIGHUP') return;
      timer ??= setTimeout(() => {
        target.signal(SIGKILL);
        timer = setTimeout(() => target.abort(), LAST_GRACE);
      }, GRACE);
    };
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  return () => {
    clearTimeout(timer);
    for (const off of handlers) off();
  };
}
