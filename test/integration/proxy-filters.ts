// Filters of bodies that tests give to brokers.
import { Buffer } from 'node:buffer';
import type { BodyFilter } from '../../src/proxy/exchange/passage.ts';

/** Replaces a text by a longer or shorter one, whatever pieces it comes in. */
export function replacing(from: string, to: string): BodyFilter {
  let held = '';
  return {
    changes: true,
    push: (content) => {
      const text = (held + content.toString('latin1')).replaceAll(from, to);
      const keep = Math.min(from.length - 1, text.length);
      held = text.slice(text.length - keep);
      return Buffer.from(text.slice(0, text.length - keep), 'latin1');
    },
    end: () => Buffer.from(held, 'latin1'),
  };
}
