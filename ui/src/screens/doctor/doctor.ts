// Findings about this machine in; their order and words out. Pure.
import type { DoctorFinding, DoctorReport } from '../../../../src/schema/api.ts';

export interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly style: 'good' | 'bad' | 'warn' | 'quiet';
}

/** What is optional and absent is no reason to worry. */
export function markOf({ state, required }: DoctorFinding): Mark {
  switch (state) {
    case 'ok':
      return { glyph: '✓', word: 'ok', style: 'good' };
    case 'degraded':
      return { glyph: '!', word: 'less than wanted', style: 'warn' };
    case 'unknown':
      return { glyph: '?', word: 'not known', style: 'quiet' };
    case 'missing':
      return required
        ? { glyph: '✗', word: 'missing', style: 'bad' }
        : { glyph: '-', word: 'absent, optional', style: 'quiet' };
  }
}

/** As `leash doctor` ends. */
export function conclusionOf({ canStart, engine, backend, refusals, probes }: DoctorReport): string {
  if (!canStart) return `Leash would refuse to start; missing: ${refusals.join(', ')}.`;
  const unknown = probes.filter(({ required, state }) => required && state === 'unknown').map(({ id }) => id);
  const rest = unknown.length === 0 ? '' : ` Not known before it starts: ${unknown.join(', ')}.`;
  return `Leash would run an agent with the ${engine} engine in ${backend}.${rest}`;
}

const RANKS: Readonly<Record<Mark['style'], number>> = { bad: 0, warn: 1, quiet: 2, good: 3 };

/** What needs a hand first, each group as it was found. */
export function ordered(probes: readonly DoctorFinding[]): readonly DoctorFinding[] {
  return probes.toSorted((a, b) => RANKS[markOf(a).style] - RANKS[markOf(b).style]);
}

/** A command is shown as one, to be copied; a sentence is read. */
export function isCommand(fix: string): boolean {
  return !/^[A-Z].*\.$/.test(fix);
}
