// Work that is to be drawn in, and the browser's clock and frames; when it is done out: in a frame, and so seldom that people have the most of the time.

export interface Frames {
  /** Milliseconds. */
  now(): number;
  /** Before the next frame is drawn. */
  frame(run: () => void): void;
  /** When the frame that is being made is drawn. */
  after(run: () => void): void;
}

/** For each millisecond that drawing took, so many are left to keys, scrolling and the browser. */
const REST = 2;

/** @returns a schedule: each piece of work in one of the next frames, the sooner the faster the machine draws. */
export function paced({ now, frame, after }: Frames): (run: () => void) => void {
  let rested = 0;
  return (run) => {
    const step = (): void => {
      const start = now();
      if (start < rested) {
        frame(step);
        return;
      }
      run();
      after(() => {
        rested = now() + REST * (now() - start);
      });
    };
    frame(step);
  };
}
