// A time and a signal in; a promise that ends with the first of the two, or when the tab comes to the front, out.

/** A hidden tab's timers may be a minute late; who looks at it again wants to see what is now. @param milliseconds at most */
export function restUnlessSeen(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      document.removeEventListener('visibilitychange', seen);
      resolve();
    };
    const seen = (): void => {
      if (!document.hidden) over();
    };
    const timer = setTimeout(over, milliseconds);
    signal.addEventListener('abort', over);
    document.addEventListener('visibilitychange', seen);
    if (signal.aborted) over();
  });
}
