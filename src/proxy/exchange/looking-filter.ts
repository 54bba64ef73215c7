// What only looks at a body enters; a filter leaves that passes every byte as it came, whatever happens to the one that looks.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from './passage.ts';

const NOTHING = Buffer.alloc(0);

export interface Look {
  push(content: Buffer): void;
  /** The body is complete. */
  end(): void;
}

/** @param failed called once, when `look` throws; it is then asked no more. */
export function lookingFilter(look: Look, failed: () => void): BodyFilter {
  let isOver = false;
  const guarded = (step: () => void): void => {
    if (isOver) return;
    try {
      step();
    } catch {
      isOver = true;
      failed();
    }
  };
  return {
    changes: false,
    push: (content) => {
      guarded(() => look.push(content));
      return content;
    },
    end: () => {
      guarded(() => look.end());
      isOver = true;
      return NOTHING;
    },
  };
}
