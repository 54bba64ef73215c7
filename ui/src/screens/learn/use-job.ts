// A call that takes its time in; where it stands, its answer or error, and a way to start and to cancel it, out.
import { useCallback, useEffect, useRef, useState } from 'react';

export interface Job<T> {
  readonly isRunning: boolean;
  readonly answer: T | undefined;
  readonly error: unknown;
  /** What was asked before is cancelled. */
  start(call: (signal: AbortSignal) => Promise<T>): void;
  cancel(): void;
}

interface Standing<T> {
  readonly isRunning: boolean;
  readonly answer?: T;
  readonly error?: unknown;
}

export function useJob<T>(): Job<T> {
  const [standing, setStanding] = useState<Standing<T>>({ isRunning: false });
  const current = useRef<AbortController>(undefined);
  const cancel = useCallback((): void => {
    current.current?.abort();
    current.current = undefined;
    setStanding(({ answer }) => ({ isRunning: false, ...(answer !== undefined && { answer }) }));
  }, []);
  const start = useCallback((call: (signal: AbortSignal) => Promise<T>): void => {
    current.current?.abort();
    const own = new AbortController();
    current.current = own;
    const settle = (next: Standing<T>): void => {
      if (current.current === own) setStanding(next);
    };
    setStanding({ isRunning: true });
    call(own.signal).then(
      (answer) => settle({ isRunning: false, answer }),
      (error: unknown) => settle({ isRunning: false, error }),
    );
  }, []);
  useEffect(() => () => current.current?.abort(), []);
  return { isRunning: standing.isRunning, answer: standing.answer, error: standing.error, start, cancel };
}
