// Differences of two policy sets in; English for a person, or plain data for `--json`, out.
import type { Paragraph } from '../../schema/paragraph.ts';
import type { Request } from '../../schema/request.ts';
import type { StatementOutline } from '../explain/outline.ts';
import { requestText, statementName } from '../explain/sentences.ts';
import type { Difference, Side } from './compare.ts';
import type { Outcome } from './outcome.ts';
import type { Pair } from './statements.ts';

/** By id, the statements of each set. */
export type Outlines = Pair<ReadonlyMap<string, StatementOutline>>;

export const NO_DIFFERENCE = 'no difference in meaning';

const VERBS: Readonly<Record<Outcome, string>> = { deny: 'denied', ask: 'asked about', allow: 'allowed' };

function namesOf({ policies }: Side, outlines: Outlines[keyof Outlines]): string {
  const names = policies.map((id) => {
    const found = outlines.get(id);
    return found === undefined ? id : statementName(found);
  });
  return names.join(', ');
}

/** `denied by no-secrets (team.cedar:3)`. */
function sideText(side: Side, outlines: Outlines[keyof Outlines]): string {
  const { outcome } = side;
  const names = namesOf(side, outlines);
  if (names !== '') return `${VERBS[outcome]} by ${names}`;
  return outcome === 'deny' ? 'denied, because nothing permits it' : VERBS[outcome];
}

/** Differences that only their action tells apart, in the order of the first of each. */
function alike(differences: readonly Difference[]): readonly (readonly Difference[])[] {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const key = JSON.stringify(differenceJson(difference), (name, value: unknown) =>
      name === 'action' ? undefined : value,
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [difference]);
    else group.push(difference);
  }
  return [...groups.values()];
}

function programLine(request: Request): readonly string[] {
  if (!('program' in request)) return [];
  const { exe, uid, ancestors = [], sha256, via } = request.program;
  const below =
    ancestors.length === 0 ? '' : `, started below ${ancestors.map((path) => JSON.stringify(path)).join(', ')}`;
  const content = sha256 === undefined ? '' : `, content ${sha256}`;
  const server = via === undefined ? '' : `, via ${JSON.stringify(via)}`;
  return [`by ${exe === '' ? 'an unknown program' : JSON.stringify(exe)} as user ${uid}${server}${below}${content}`];
}

function decisionLines({ old, new: later, undecided }: Difference, outlines: Outlines): readonly string[] {
  if (undecided.length === 0) return [`old: ${sideText(old, outlines.old)}`, `new: ${sideText(later, outlines.new)}`];
  const askers = [namesOf(old, outlines.old), namesOf(later, outlines.new)].filter((names) => names !== '');
  return [`may differ depending on ${undecided.join(', ')}, which ${askers.join(' and ')} asks for`];
}

function paragraph(group: readonly [Difference, ...Difference[]], outlines: Outlines): Paragraph {
  const [{ action, direction, witness, conditions, undecided, regions }] = group;
  const actions = group.map((difference) => difference.action).join(', ');
  const request = requestText(witness).slice(action.length + 1);
  const isCertain = undecided.length === 0;
  const isProgramAsked = isCertain && JSON.stringify(conditions).includes('context.proc');
  return {
    heading: `${isCertain ? direction : `perhaps ${direction}`}: ${actions} ${request}`,
    lines: [
      ...(isProgramAsked ? programLine(witness) : []),
      ...decisionLines(group[0], outlines),
      ...(conditions.length === 0 ? [] : [`where: ${conditions.join('; ')}`]),
      ...(regions === 1 ? [] : [`and in ${regions - 1} more ${regions === 2 ? 'region' : 'regions'}`]),
    ],
  };
}

/** What a person should know, the certain and the newly allowed first; one heading when there is no difference. */
export function differenceParagraphs(differences: readonly Difference[], outlines: Outlines): readonly Paragraph[] {
  if (differences.length === 0) return [{ heading: NO_DIFFERENCE, lines: [] }];
  return alike(differences).map((group) => paragraph(group as [Difference, ...Difference[]], outlines));
}

/** One difference as `--json` prints it. The headers and arguments of a witness come from the policies, not from a request that was made. */
export function differenceJson({ witness, ...difference }: Difference): Readonly<Record<string, unknown>> {
  const headers = 'headers' in witness ? { headers: Object.fromEntries(witness.headers) } : {};
  const args = 'args' in witness ? { args: Object.fromEntries(witness.args) } : {};
  return { ...difference, witness: { ...witness, ...headers, ...args } };
}

/** May the new set allow what the old one does not? What ends `leash policy diff` with status 1. */
export function isWider(differences: readonly Difference[]): boolean {
  return differences.some(({ direction }) => direction === 'newly allowed');
}
