import { expect, test } from 'vitest';
import { conclusion } from '../../../../src/cli/commands/doctor.ts';
import type { Probe } from '../../../../src/host/doctor/probe.ts';
import { temporaryFolder } from '../../journal/sample-session.ts';
import { runLeash } from '../run-leash.ts';

const MACHINE = { engine: 'seccomp', backend: 'bubblewrap' } as const;

function probe(id: string, state: Probe['state']): Probe {
  return { id, name: id, state, detail: '', required: true };
}

test('the conclusion says what would run, or what stops it', () => {
  const found = { ...MACHINE, probes: [probe('a', 'ok')], canStart: true, refusals: [] };
  expect(conclusion(found)).toBe('leash would run an agent with the seccomp engine in bubblewrap.');
  expect(conclusion({ ...found, probes: [probe('a', 'unknown')] })).toMatch(/Not known before it starts: a\.$/);
  expect(conclusion({ ...found, canStart: false, refusals: ['a', 'b'] })).toBe(
    'leash would refuse to start; missing: a, b.',
  );
});

test('a machine without the native programs: status 5, the fix named, the same in JSON', () => {
  const env = { LEASH_NATIVE_DIR: temporaryFolder() };
  const { status, stdout } = runLeash(['doctor'], env);
  expect(status).toBe(5);
  expect(stdout).toMatch(/✗ native programs +leash-warden and leash-entry not built\n {4}fix: npm run build\n/);
  expect(stdout).toMatch(/leash would refuse to start; missing: .*native.*\.\n$/);
  const json = runLeash(['doctor', '--json'], env);
  expect(json.status).toBe(5);
  const { refusals, probes } = JSON.parse(json.stdout);
  expect(refusals).toContain('native');
  expect(probes).toContainEqual(expect.objectContaining({ id: 'seccomp', state: 'unknown' }));
});
