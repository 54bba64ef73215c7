// Random pairs of policy sets: what comparePolicies reports is put to the official Cedar authorizer, and so is what it does not report.

import { LeashError } from '../../../../src/host/errors.ts';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { comparePolicies, type Difference } from '../../../../src/policy/compare/compare.ts';
import { type Policy, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import type { Request } from '../../../../src/schema/request.ts';
import { cedar, FACTS, judge, prepare } from '../judge.ts';
import type { Family } from '../random-families.ts';
import { Generator } from '../random-policies.ts';
import { ADDRESSES } from '../random-words.ts';

export interface Tally {
  pairs: number;
  /** Witnesses that Cedar was asked about, on both sides. */
  witnesses: number;
  /** Differences that name what they depend on in place of a witness. */
  undecided: number;
  requests: number;
  /** Requests that Cedar decides differently with the two sets. */
  different: number;
  tooComplex: number;
  faults: string[];
}

interface Statement {
  readonly id: string;
  readonly text: string;
  readonly shadow: boolean;
  readonly ask?: string;
}

type Sides = Readonly<Record<'old' | 'new', readonly Statement[]>>;

function newStatement(generator: Generator, id: string): Statement {
  const { random } = generator;
  for (;;) {
    const text = generator.policy();
    // The parser refuses constant extension calls it can see to be wrong.
    if (cedar.policyToJson(text).type !== 'success') continue;
    return { id, text, shadow: random.chance(0.05), ...(random.chance(0.1) ? { ask: 'may it?' } : {}) };
  }
}

function mutated(generator: Generator, old: readonly Statement[]): readonly Statement[] {
  const { random } = generator;
  const at = random.below(old.length);
  const one = old[at] as Statement;
  const replaced = (statement: Statement): readonly Statement[] => old.toSpliced(at, 1, statement);
  return random.pick([
    () => old.toSpliced(at, 1),
    () => [...old, newStatement(generator, 'added')],
    () => replaced(newStatement(generator, 'replaced')),
    () =>
      replaced({ ...one, text: one.text.replace(/^(permit|forbid)/, (e) => (e === 'permit' ? 'forbid' : 'permit')) }),
    () =>
      replaced({ ...one, text: one.text.replace(/ (when|unless) /, (w) => (w === ' when ' ? ' unless ' : ' when ')) }),
    () => replaced({ ...one, shadow: !one.shadow }),
    () =>
      replaced({ id: one.id, text: one.text, shadow: one.shadow, ...(one.ask === undefined ? { ask: 'sure?' } : {}) }),
    () => old.toReversed(),
  ])();
}

function read(statements: readonly Statement[]): readonly Policy[] {
  return statements.map(({ text, ...rest }) => readPolicy({ ...rest, json: statementToJson(text) }));
}

/** Makes the plain sets of one side known to the judge: without shadow policies, one without asking permits, one without asking forbids. */
function prepareSide(side: string, statements: readonly Statement[]): void {
  const enforced = statements.filter(({ shadow }) => !shadow);
  for (const [set, dropped] of [
    ['strict', 'permit'],
    ['lenient', 'forbid'],
  ] as const) {
    const plain = enforced.filter(({ ask, text }) => ask === undefined || !text.startsWith(dropped));
    prepare(`${side} ${set}`, Object.fromEntries(plain.map(({ id, text }) => [id, text])));
  }
}

function rankOf(side: string, request: Request): number {
  if (judge(`${side} strict`, request).effect === 'allow') return 2;
  return judge(`${side} lenient`, request).effect === 'allow' ? 1 : 0;
}

function judgedDirection(request: Request): Difference['direction'] | undefined {
  const change = rankOf('new', request) - rankOf('old', request);
  return change === 0 ? undefined : change > 0 ? 'newly allowed' : 'newly denied';
}

const HASH = /^[0-9a-f]{64}$/;

function withPossibleHash<T extends { readonly sha256?: string }>({ sha256 = '', ...rest }: T): Omit<T, 'sha256'> {
  return HASH.test(sha256) ? { ...rest, sha256 } : rest;
}

/** What the generator makes up and no session asks: a hash that is none, a peer that is an address and is dialled at another. */
function possible(request: Request): Request {
  const { action } = request;
  if (action === 'NetConnect' && ADDRESSES.concat('fe80::1').includes(request.resource.name))
    return { ...request, program: withPossibleHash(request.program), ip: request.resource.name };
  if (action === 'ProcessExec')
    return withPossibleHash({ ...request, program: withPossibleHash(request.program) }) as Request;
  return 'program' in request ? { ...request, program: withPossibleHash(request.program) } : request;
}

function literalsOf(statements: readonly Statement[]): readonly string[] {
  return statements.flatMap(({ text }) => [...text.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1] as string));
}

function checkPair(generator: Generator, sides: Sides, tally: Tally, requests: number): void {
  const differences = comparePolicies(read(sides.old), read(sides.new), FACTS);
  const fault = (problem: string, about: unknown): void => {
    tally.faults.push(JSON.stringify({ problem, about, ...sides, differences }, mapsAsLists, 1));
  };
  for (const side of ['old', 'new'] as const) prepareSide(side, sides[side]);
  tally.pairs++;
  for (const { witness, direction, undecided } of differences) {
    if (undecided.length > 0) tally.undecided++;
    else if (judgedDirection(witness) !== direction) fault(`the witness is not ${direction}`, witness);
    else tally.witnesses++;
  }
  const reported = new Set(differences.map(({ action, direction }) => `${action} ${direction}`));
  const literals = literalsOf([...sides.old, ...sides.new]);
  for (let i = 0; i < requests; i++) {
    const request = possible(generator.request(literals));
    const direction = judgedDirection(request);
    tally.requests++;
    if (direction === undefined) continue;
    tally.different++;
    if (!reported.has(`${request.action} ${direction}`)) fault(`missed: ${direction}`, request);
  }
}

function mapsAsLists(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}

const FAMILIES: readonly Family[] = ['file', 'file', 'exec', 'net', 'net', 'http', 'http', 'secret', 'rewrite'];

/** Compares `pairs` pairs, and puts `requests` requests for each to both sides. */
export function runPairs(seed: number, pairs: number, requests: number): Tally {
  const generator = new Generator(seed);
  const { random } = generator;
  const tally: Tally = { pairs: 0, witnesses: 0, undecided: 0, requests: 0, different: 0, tooComplex: 0, faults: [] };
  while (tally.pairs + tally.tooComplex < pairs && tally.faults.length < 3) {
    generator.family = random.pick(FAMILIES);
    const count = 1 + random.below(random.pick([2, 5, 12]));
    const old = Array.from({ length: count }, (_, i) => newStatement(generator, `p${i}`));
    const sides = { old, new: mutated(generator, old) };
    try {
      checkPair(generator, sides, tally, requests);
    } catch (error) {
      if (!(error instanceof LeashError)) {
        tally.faults.push(`${error}\n${(error as Error).stack}`, JSON.stringify(sides, null, 1));
        continue;
      }
      tally.tooComplex++;
    }
  }
  return tally;
}
