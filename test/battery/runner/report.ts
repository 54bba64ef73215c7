// Outcomes in; the table, the sum line and the exit status of `npm run battery` out.
import type { Identity } from '../../fixtures/leash.ts';
import type { Ground } from './grounds.ts';
import type { Attack } from './header.ts';
import type { Outcome } from './run.ts';

export interface Row {
  readonly attack: Attack;
  readonly as: Identity;
  readonly ground: Ground;
  readonly outcome: Outcome;
}

/** `self` is whoever runs the battery. */
export function identityName(as: Identity): string {
  return as === 'self' && process.getuid?.() === 0 ? 'root' : 'user';
}

const LOUD: ReadonlySet<Outcome['verdict']> = new Set(['succeeded', 'control failed', 'faulty']);

/** Did the battery find something? */
export function isFailure({ verdict }: Outcome): boolean {
  return LOUD.has(verdict);
}

const shownVerdict = (outcome: Outcome): string =>
  isFailure(outcome) ? outcome.verdict.toUpperCase() : outcome.verdict;

export function tableLine({ attack, as, ground, outcome }: Row): string {
  const cells = [
    attack.area.padEnd(8),
    attack.name.padEnd(34),
    identityName(as).padEnd(4),
    `${ground.engine}/${ground.backend}`.padEnd(18),
    (outcome.control.split(':')[0] ?? '').padEnd(10),
    shownVerdict(outcome).padEnd(14),
    String(outcome.milliseconds).padStart(6),
  ];
  const isTold = isFailure(outcome) || outcome.verdict === 'skipped' || outcome.verdict === 'expected';
  return `${cells.join(' ')}${isTold ? `  ${outcome.detail}` : ''}`;
}

export const TABLE_HEAD: string = `${'area'.padEnd(8)} ${'attack'.padEnd(34)} ${'as'.padEnd(4)} ${'engine/backend'.padEnd(18)} ${'control'.padEnd(10)} ${'outcome'.padEnd(14)} ${'ms'.padStart(6)}`;

export function sumLine(rows: readonly Row[]): string {
  const count = (verdict: Outcome['verdict']): number =>
    rows.filter(({ outcome }) => outcome.verdict === verdict).length;
  const more = (['faulty', 'expected'] as const).flatMap((verdict) =>
    count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : [],
  );
  return [
    `${rows.length} attacks, ${count('stopped')} stopped, ${count('succeeded')} succeeded, ${count('control failed')} controls failed, ${count('skipped')} skipped`,
    ...more,
  ].join(', ');
}

/** One JSON object a row, without what only this machine knows. */
export function jsonLine({ attack, as, ground, outcome }: Row): string {
  const { area, name, technique, source, success, policy } = attack;
  const { engine, backend } = ground;
  return JSON.stringify({
    area,
    name,
    technique,
    source,
    success,
    policy,
    as: identityName(as),
    engine,
    backend,
    ...outcome,
  });
}
