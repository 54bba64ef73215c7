// The policy compiler and evaluator: loading cold and warm, and one decision by closures, by table and about a host.
//
//   npm run bench -- policy [rounds]
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { programClass, TABLE_FILE, walkImage } from '../src/policy/compile/image.ts';
import { loadPolicies } from '../src/policy/load.ts';
import type { PolicySet } from '../src/policy/policy-set.ts';
import { defaultProfile } from '../src/policy/profile.ts';
import type { Request } from '../src/schema/request.ts';
import { interleave, report, type Series } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const LOADS = 20;
const DECISIONS = 5000;
const FACTS = { agent: 'claude', session: 's', user: 'u', workspace: '/home/u/project', home: '/home/u', tmp: '/tmp' };

/** Directories and hosts as a careful team might list them. */
function manyPolicies(count: number): string {
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0
      ? `permit(principal, action in Action::"FileOpen", resource in Dir::"/srv/project${i}/");`
      : `permit(principal, action in Action::"NetworkConnect", resource in Host::"*.team${i}.example:443");`,
  ).join('\n');
}

/** Microseconds for one call. */
function each(count: number, call: () => unknown): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < count; i++) call();
  return Number(process.hrtime.bigint() - start) / 1000 / count;
}

const file: Request = {
  action: 'FileOpenReadOnly',
  resource: { type: 'path', path: '/home/u/project/src/deep/er/module.ts' },
  program: { exe: '/usr/bin/node', uid: 1000 },
};
const connect: Request = {
  action: 'NetConnect',
  resource: { type: 'host', name: 'api.anthropic.com' },
  program: { exe: '/usr/bin/node', uid: 1000 },
  port: 443,
  protocol: 'tcp',
  ip: '198.18.0.7',
};

function decisions(name: string, set: PolicySet): Series[] {
  const bytes = new TextEncoder().encode(file.resource.type === 'path' ? file.resource.path : '');
  const program = programClass(set.image, new TextEncoder().encode('program' in file ? file.program.exe : ''));
  return [
    { name: `${name}: decide a file`, measure: () => each(DECISIONS, () => set.decide(file)) },
    { name: `${name}: decide a connection`, measure: () => each(DECISIONS, () => set.decide(connect)) },
    {
      name: `${name}: walk the table`,
      measure: () => each(DECISIONS, () => walkImage(set.image, TABLE_FILE, bytes, program)),
    },
  ];
}

const cacheDir = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
try {
  const profile = defaultProfile();
  const coder = await loadPolicies(profile, FACTS, { cacheDir });
  const hundred = await loadPolicies({ name: 'hundred', text: manyPolicies(100) }, FACTS);
  const thousand = await loadPolicies({ name: 'thousand', text: manyPolicies(1000) }, FACTS);
  const warm: number[] = [];
  for (let i = 0; i < LOADS; i++) {
    const start = process.hrtime.bigint();
    await loadPolicies(profile, FACTS, { cacheDir });
    warm.push(Number(process.hrtime.bigint() - start) / 1000);
  }
  let next = 0;
  const rows = interleave(
    [
      { name: 'coder: load from the cache', measure: () => warm[next++ % LOADS] ?? Number.NaN },
      ...decisions('coder', coder),
      ...decisions('100 policies', hundred),
      ...decisions('1000 policies', thousand),
    ],
    ROUNDS,
  );
  report('policy', 'microseconds a call', rows, 'coder: decide a file', [
    `table of coder: ${coder.image.length} bytes; of 1000 policies: ${thousand.image.length} bytes`,
  ]);
} finally {
  rmSync(cacheDir, { recursive: true });
}
