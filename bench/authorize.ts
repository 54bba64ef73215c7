// Authorizations a second: the evaluator against the official one (cedar-wasm, stateful), and how long one of them takes at worst.
//
//   npm run bench -- authorize [rounds]
import '../src/policy/check/cedar.ts';
import { createRequire } from 'node:module';
import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs';
import { statementToJson } from '../src/policy/check/cedar.ts';
import { actionGroups } from '../src/policy/evaluate/actions.ts';
import { Authorizer } from '../src/policy/evaluate/authorizer.ts';
import { readPolicy } from '../src/policy/evaluate/policy.ts';
import { worldOf } from '../src/policy/evaluate/world.ts';
import { Reach } from '../src/policy/reach.ts';
import { questionOf } from '../src/policy/suite/cedar-json.ts';
import type { Request } from '../src/schema/request.ts';
import { findRow, interleave, report, type Series } from './measure.ts';

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs') as typeof Cedar;
const ROUNDS = Number(process.argv[2] ?? 9);
const SIZES = [1, 10, 100, 1000];
const SINGLE_CALLS = 20_000;
const FACTS = {
  agent: 'claude',
  session: 's',
  user: 'u',
  workspace: '/home/u/project/',
  home: '/home/u/',
  tmp: '/tmp/',
};

/** Directories, names, programs, hosts and paths as a careful team might list them; one in five is a forbid. */
function statement(i: number): string {
  switch (i % 5) {
    case 0:
      return `permit(principal, action in Action::"FileOpen", resource in Dir::"/srv/project${i}/");`;
    case 1:
      return `permit(principal, action in Action::"NetworkConnect", resource in Host::"*.team${i}.example:443");`;
    case 2:
      return `forbid(principal, action in Action::"FileOpen", resource) when { resource.name == "secret${i}.env" };`;
    case 3:
      return `permit(principal, action == Action::"ProcessExec", resource == File::"/usr/bin/tool${i}") when { context.argc < 9 };`;
    default:
      return `permit(principal, action == Action::"HttpRequest", resource == Host::"api${i}.example") when { context.method == "GET" && context.path like "/v1/*" };`;
  }
}

const program = { exe: '/usr/bin/node', uid: 1000, ancestors: ['/usr/bin/bash'] };
const REQUESTS: readonly Request[] = [
  {
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: '/srv/project0/src/deep/er/module.ts' },
    program,
  },
  {
    action: 'NetConnect',
    resource: { type: 'host', name: 'api.team1.example' },
    program,
    port: 443,
    protocol: 'tcp',
    ip: '198.18.0.7',
  },
  { action: 'ProcessExec', resource: { type: 'path', path: '/usr/bin/tool3' }, program, argv: ['tool3', '-v'] },
  {
    action: 'HttpRequest',
    resource: { type: 'host', name: 'api4.example' },
    program,
    port: 443,
    method: 'GET',
    path: '/v1/items',
    query: 'page=2',
    scheme: 'https',
    headers: new Map([['accept', 'application/json']]),
  },
];

interface Contestants {
  readonly size: number;
  readonly own: Authorizer;
  readonly reach: Reach;
}

function prepare(size: number): Contestants {
  const texts = Array.from({ length: size }, (_, i) => statement(i));
  const answer = cedar.preparsePolicySet(String(size), {
    staticPolicies: Object.fromEntries(texts.map((text, i) => [`p${i}`, text])),
  });
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  const policies = texts.map((text, i) => readPolicy({ id: `p${i}`, shadow: false, json: statementToJson(text) }));
  return { size, own: new Authorizer(policies, FACTS), reach: new Reach(policies, FACTS) };
}

/** Made beforehand: what a caller of cedar-wasm spends on writing its question is not counted. Nor is validating it against the schema. */
const questions = REQUESTS.map((request) => {
  const question = questionOf(worldOf(request, FACTS));
  const parents = [...actionGroups(request.action)].map((key) => ({
    type: 'Action',
    id: key.slice('Action'.length + 1),
  }));
  return { ...question, entities: [...question.entities, { uid: question.action, attrs: {}, parents }] };
});

function official(size: number, index: number): string {
  const question = questions[index];
  if (question === undefined) throw new Error('no such question');
  const answer = cedar.statefulIsAuthorized({ ...question, preparsedPolicySetId: String(size) });
  if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
  return `${answer.response.decision} ${answer.response.diagnostics.reason.toSorted()}`;
}

function compare({ size, own }: Contestants): void {
  for (const [i, request] of REQUESTS.entries()) {
    const { effect, policies } = own.decide(request);
    if (`${effect} ${policies.toSorted()}` !== official(size, i)) throw new Error(`${request.action}: they disagree`);
  }
}

/** Calls a second, each request in turn. */
function rate(calls: number, call: (index: number) => unknown): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) call(i % REQUESTS.length);
  return calls / (Number(process.hrtime.bigint() - start) / 1e9);
}

function series({ size, own }: Contestants): Series[] {
  const decide = (index: number): unknown => own.decide(REQUESTS[index] as Request);
  return [
    { name: `leash, ${size}`, measure: () => rate(20_000, decide) },
    { name: `cedar-wasm, ${size}`, measure: () => rate(size >= 1000 ? 40 : 200, (index) => official(size, index)) },
  ];
}

function single(name: string, call: () => unknown): string {
  for (let i = 0; i < SINGLE_CALLS; i++) call();
  const times = Float64Array.from({ length: SINGLE_CALLS }, () => {
    const start = performance.now();
    call();
    return (performance.now() - start) * 1000;
  }).sort();
  const at = (share: number): string => (times[Math.floor(SINGLE_CALLS * share)] ?? Number.NaN).toFixed(1);
  return `${name.padEnd(24)} µs a call: p50 ${at(0.5)}, p99 ${at(0.99)}, p99.9 ${at(0.999)}`;
}

/** What no index helps with: every policy is evaluated. */
function patterns(size: number): Authorizer {
  const policies = Array.from({ length: size }, (_, i) => {
    const text = `permit(principal, action == Action::"HttpRequest", resource) when { context.path like "*/item${i}/*" };`;
    return readPolicy({ id: `p${i}`, shadow: false, json: statementToJson(text) });
  });
  return new Authorizer(policies, FACTS);
}

const contestants = SIZES.map(prepare);
for (const each of contestants) compare(each);
const rows = interleave(contestants.flatMap(series), ROUNDS);
const ratios = SIZES.map((size) => {
  const ratio = findRow(rows, `leash, ${size}`).median / findRow(rows, `cedar-wasm, ${size}`).median;
  return `${size} policies: ${ratio.toFixed(0)} × cedar-wasm`;
});
const largest = contestants.at(-1) as Contestants;
const scanned = patterns(1000);
report('authorize', 'authorizations a second', rows, 'cedar-wasm, 10', [
  ...ratios,
  `one decision at ${largest.size} policies:`,
  ...REQUESTS.map((request) => single(request.action, () => largest.own.decide(request))),
  single('HttpRequest, scanned', () => scanned.decide(REQUESTS[3] as Request)),
  single('may a host be reached', () => largest.reach.includes('api.team1.example')),
]);
