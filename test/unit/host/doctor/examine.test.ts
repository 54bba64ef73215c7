import { expect, test } from 'vitest';
import { examineHost, refusals } from '../../../../src/host/doctor/examine.ts';
import type { Probe } from '../../../../src/host/doctor/probe.ts';
import { sampleHost } from './sample-host.ts';

const REPORT = '{"seccomp_notify":true,"wait_killable":true,"sync_wake_up":true,"landlock_abi":7,"content_held":true}';
const COMPLETE = {
  bwrap: 'if [ "$1" = --version ]; then echo "bubblewrap 0.8.0"; fi',
  'leash-warden': `echo '${REPORT}'`,
  'leash-entry': 'true',
};

test('only what is required and known to be missing stops a session', () => {
  const probe = { name: '', detail: '' };
  const probes: Probe[] = [
    { ...probe, id: 'a', state: 'missing', required: true },
    { ...probe, id: 'b', state: 'missing', required: false },
    { ...probe, id: 'c', state: 'unknown', required: true },
    { ...probe, id: 'd', state: 'degraded', required: true },
    { ...probe, id: 'e', state: 'ok', required: true },
  ];
  expect(refusals(probes)).toEqual(['a']);
});

test('a complete machine can start', async () => {
  const { canStart, engine, backend, probes } = await examineHost('bubblewrap', sampleHost({ programs: COMPLETE }));
  expect({ canStart, engine, backend }).toEqual({ canStart: true, engine: 'seccomp', backend: 'bubblewrap' });
  expect(new Set(probes.map(({ id }) => id)).size).toBe(probes.length);
  expect(probes.filter(({ required }) => required).map(({ state }) => state)).not.toContain('unknown');
});

test('an empty machine cannot, and says what to do about each part', async () => {
  const examination = await examineHost('bubblewrap', sampleHost());
  expect(examination).toMatchObject({ canStart: false, refusals: ['native', 'bubblewrap'] });
  for (const { required, state, fix } of examination.probes)
    if (required && state === 'missing') expect(fix).toBeDefined();
});

test('where the agent is to run in a container, bubblewrap is optional and the engine is not', async () => {
  const { bwrap: _, ...programs } = COMPLETE;
  const docker = { docker: 'echo 27.1.1' };
  const { canStart, backend } = await examineHost('docker', sampleHost({ programs: { ...programs, ...docker } }));
  expect({ canStart, backend }).toEqual({ canStart: true, backend: 'docker' });
  const without = await examineHost('docker', sampleHost({ programs }));
  expect(without).toMatchObject({ canStart: false, refusals: ['docker'] });
});
