// A replay's span in; the moment that is shown, and what moves it, out. Undefined is the end, which moves on while the session runs.
import { useEffect, useState } from 'react';
import { advance } from './replay.ts';

export const SPEEDS = [1, 4, 16, 64] as const;

export interface Player {
  readonly time: number;
  readonly isPlaying: boolean;
  readonly speed: number;
  readonly isAtEnd: boolean;
  show(time: number | undefined): void;
  setSpeed(speed: number): void;
  /** From the beginning when it stands at the end. */
  play(): void;
  pause(): void;
}

export function usePlayer(start: number, end: number): Player {
  const [shown, setShown] = useState<number | undefined>();
  const [isPlaying, setIsPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const time = shown === undefined ? end : Math.min(Math.max(shown, start), end);
  useEffect(() => {
    if (!isPlaying) return;
    let last = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const elapsed = now - last;
      last = now;
      setShown((before) => advance(before ?? end, elapsed, speed, end));
      frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying, speed, end]);
  useEffect(() => {
    if (isPlaying && time >= end) setIsPlaying(false);
  }, [isPlaying, time, end]);
  return {
    time,
    isPlaying,
    speed,
    isAtEnd: shown === undefined,
    show: (wanted) => {
      setIsPlaying(false);
      setShown(wanted);
    },
    setSpeed,
    play: () => {
      if (time >= end) setShown(start);
      setIsPlaying(true);
    },
    pause: () => setIsPlaying(false),
  };
}
