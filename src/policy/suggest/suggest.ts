// Evidence in; a policy that permits what was done and no more than it says, proven by the compiler, the evaluator and the comparison, out. Pure.
import type { SuggestedStatement } from '../../schema/learning.ts';
import { FILE_ACTIONS, type FileAction } from '../../schema/request.ts';
import type { GuardedChecker } from '../check/check-guarded.ts';
import { comparePolicies, type Difference } from '../compare/compare.ts';
import { Authorizer } from '../evaluate/authorizer.ts';
import { type Policy, readPolicy } from '../evaluate/policy.ts';
import { type Draft, statementOf } from './draft.ts';
import { type Evidence, type Move, type Seen, type Setting, viaOf } from './evidence.ts';
import { fileDrafts, programDrafts } from './files.ts';
import { type Limits, type Widened, widenedKey } from './folders.ts';
import { networkDrafts } from './network.ts';
import { type LeftAlone, unpermitted, wantedOf } from './wanted.ts';

export interface SuggestOptions {
  readonly checker: GuardedChecker;
  /** What no suggestion may permit: see fence.ts. */
  readonly fence: readonly Policy[];
  /** A day in UTC, `YYYY-MM-DD`. */
  readonly today: string;
  /** Nothing but what was seen. */
  readonly isExact: boolean;
}

export interface Suggestion {
  readonly statements: readonly SuggestedStatement[];
  readonly leftAlone: readonly LeftAlone[];
  /** Different requests that the base permits already, and that the statements permit. */
  readonly permitted: number;
  readonly added: number;
  /** What the statements allow that the base does not, over all requests, for each setting. */
  readonly differences: readonly { readonly setting: Setting; readonly differences: readonly Difference[] }[];
}

interface Attempt {
  readonly drafts: readonly Draft[];
  readonly widened: readonly { readonly action: string; readonly folder: Widened }[];
}

/** Rounds in which widenings are taken back, or names are added for renames; each has fewer left to do. */
const ROUNDS = 40;

function policiesOf(drafts: readonly Draft[], { checker, today }: SuggestOptions): readonly Policy[] {
  const text = drafts.map((draft) => statementOf(draft).text).join('\n');
  return checker.check({ name: 'suggestion', text }, today).policies.map(readPolicy);
}

/** What was seen of one MCP server, or of programs that belong to none: ''. */
interface Part {
  readonly via: string;
  readonly missing: readonly Seen[];
  readonly moves: readonly Move[];
  /** The policies that hold beside: suggested for programs in general. */
  readonly beside: readonly Policy[];
}

function attempt({ via, missing }: Part, settings: readonly Setting[], limits: Limits): Attempt {
  const files = fileDrafts(
    missing,
    settings.map(({ facts }) => facts),
    limits,
  );
  const drafts = [...files.drafts, ...programDrafts(missing), ...networkDrafts(missing, limits.isExact)];
  return { drafts: via === '' ? drafts : drafts.map((draft) => ({ ...draft, via })), widened: files.widened };
}

/** Keys of widened folders that hold something the fence forbids: found by comparing what the statements permit with and without the fence. */
function trespassing(
  { drafts, widened }: Attempt,
  settings: readonly Setting[],
  options: SuggestOptions,
): readonly string[] {
  const wide = drafts.filter(({ subject }) => subject === 'direct' || subject === 'below');
  if (wide.length === 0) return [];
  const permits = policiesOf(wide, options);
  const forbids = options.fence.filter(({ effect }) => effect === 'forbid');
  const keys = settings.flatMap(({ facts }) =>
    comparePolicies(permits, [...permits, ...forbids], facts).flatMap(({ witness: { resource } }) => {
      if (resource.type !== 'path') return [];
      const over = widened.filter(({ folder }) => resource.path.startsWith(folder.folder));
      return over.map(({ folder }) => widenedKey(folder.breadth, folder.folder));
    }),
  );
  return [...new Set(keys)];
}

/** What may be put in one place must be permitted in the other, too: content that is moved counts as written. */
const PLACING: readonly FileAction[] = ['FileWrite', 'FileCreate'];

/**
 * The warden refuses a rename or link by which something would become more permitted, or come to stand where it could not have been put
 * (native/warden/decide.c): what the new name permits the old one has to, and what may be written under the old name also under the new one.
 */
function moreForMoves(moves: readonly Move[], suggestion: readonly Policy[]): readonly Seen[] {
  const judges = new Map<Setting, Authorizer>();
  return moves.flatMap(({ setting, via, from, to }) => {
    const judge = judges.get(setting) ?? new Authorizer([...setting.base, ...suggestion], setting.facts);
    judges.set(setting, judge);
    const of = (action: FileAction, path: string): Seen['request'] => ({
      action,
      resource: { type: 'path', path },
      program: { exe: '', uid: 0, ...(via !== '' && { via }) },
    });
    const isAllowed = (action: FileAction, path: string): boolean => judge.decide(of(action, path)).effect === 'allow';
    const lacks = (action: FileAction, here: string, there: string): boolean =>
      isAllowed(action, there) && !isAllowed(action, here);
    const seen = (action: FileAction, path: string): Seen => ({
      setting,
      request: of(action, path),
      events: 0,
      sessions: new Set(),
      isProven: false,
    });
    return [
      ...FILE_ACTIONS.filter((action) => lacks(action, from, to)).map((action) => seen(action, from)),
      ...PLACING.filter((action) => lacks(action, to, from)).map((action) => seen(action, to)),
    ];
  });
}

function build(part: Part, settings: readonly Setting[], options: SuggestOptions): Attempt {
  let all = part;
  let refused: ReadonlySet<string> = new Set();
  for (let round = 0; round < ROUNDS; round++) {
    const tried = attempt(all, settings, { isExact: options.isExact, refused });
    const bad = trespassing(tried, settings, options);
    refused = new Set([...refused, ...bad]);
    const judged = [...part.beside, ...policiesOf(tried.drafts, options)];
    const more = bad.length > 0 ? [] : wantedOf(moreForMoves(part.moves, judged), options.fence).missing;
    if (bad.length === 0 && more.length === 0) return tried;
    all = { ...all, missing: [...all.missing, ...more] };
  }
  return attempt(all, settings, { isExact: true, refused });
}

/**
 * Statements from what programs did that belong to no MCP server say nothing of servers, as they say nothing of programs. Those from what a
 * server did are for that server alone, and only where the others do not permit it.
 */
function draftsOf(
  missing: readonly Seen[],
  moves: readonly Move[],
  settings: readonly Setting[],
  options: SuggestOptions,
): readonly Draft[] {
  const partOf = (via: string, beside: readonly Policy[]): readonly Draft[] => {
    const seen = unpermitted(
      missing.filter(({ request }) => viaOf(request) === via),
      beside,
    );
    const part = { via, missing: seen, moves: moves.filter((move) => move.via === via), beside };
    return build(part, settings, options).drafts;
  };
  const general = partOf('', []);
  const servers = [...new Set(missing.map(({ request }) => viaOf(request)))].filter((via) => via !== '').sort();
  const beside = servers.length === 0 ? [] : policiesOf(general, options);
  return [...general, ...servers.flatMap((via) => partOf(via, beside))];
}

/** Statements in the order of their drafts, each once. */
function statementsOf(drafts: readonly Draft[]): readonly SuggestedStatement[] {
  return [...new Map(drafts.map(statementOf).map((statement) => [statement.id, statement])).values()];
}

/**
 * Throws Error when what was made does not hold: then nothing must be shown; LeashError LEASH_POLICY_INVALID when it is too large to be
 * compared with the base.
 */
export function suggest(evidence: Evidence, options: SuggestOptions): Suggestion {
  const { missing, leftAlone, permitted } = wantedOf(evidence.all(), options.fence);
  const settings = [...new Set(missing.map(({ setting }) => setting))];
  const drafts = draftsOf(missing, evidence.moves(), settings, options);
  const statements = statementsOf(drafts);
  const text = statements.map((statement) => statement.text).join('\n');
  const policies = options.checker.check({ name: 'suggestion', text }, options.today).policies.map(readPolicy);
  const left = unpermitted(missing, policies);
  if (left.length > 0)
    throw new Error(`the suggestion does not permit ${left.length} of the requests that it was made from`);
  const differences = settings.map((setting) => ({
    setting,
    differences: comparePolicies(setting.base, [...setting.base, ...policies], setting.facts),
  }));
  const known = new Set(statements.map(({ id }) => id));
  for (const difference of differences.flatMap((each) => each.differences)) {
    const { direction, undecided } = difference;
    const isOurs = undecided.length > 0 || difference.new.policies.every((id) => known.has(id));
    const isShown = direction === 'newly allowed' && isOurs;
    if (!isShown)
      throw new Error(
        `the suggestion changes more than its statements say: ${difference.action}, ${difference.direction}`,
      );
  }
  return { statements, leftAlone, permitted, added: missing.length, differences };
}
