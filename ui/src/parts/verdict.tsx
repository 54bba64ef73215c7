// An event's verdict in, its word and glyph out; colour only adds.
import type { ReactNode } from 'react';
import type { Outcome } from '../journal/row.ts';

const GLYPHS: Readonly<Record<Outcome, string>> = { allowed: '✓', denied: '✗', 'would deny': '!' };
const CLASSES: Readonly<Record<Outcome, string>> = { allowed: 'good', denied: 'bad', 'would deny': 'warn' };

export function Verdict({ outcome }: { readonly outcome: Outcome }): ReactNode {
  return (
    <span className={CLASSES[outcome]}>
      {GLYPHS[outcome]} {outcome}
    </span>
  );
}
