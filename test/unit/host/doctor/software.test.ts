import { expect, test } from 'vitest';
import { probeCompiler, probeNative, probeNode } from '../../../../src/host/doctor/software.ts';
import { DEBIAN, sampleHost } from './sample-host.ts';

test.each([
  ['20.19.0', 'ok'],
  ['20.18.9', 'missing'],
  ['22.1.0', 'ok'],
  ['18.20.0', 'missing'],
  [process.versions.node, 'ok'],
])('Node.js %s is %s', (version, state) => {
  expect(probeNode(version).state).toBe(state);
});

test('native programs, all or not', () => {
  expect(probeNative(sampleHost({ programs: { 'leash-warden': 'true', 'leash-entry': 'true' } }))).toMatchObject({
    state: 'ok',
  });
  expect(probeNative(sampleHost({ programs: { 'leash-warden': 'true' } }))).toMatchObject({
    state: 'missing',
    required: true,
    detail: 'leash-entry not built',
    fix: 'npm run build',
  });
});

test('a compiler, by either name, or how to get one', async () => {
  const cc = sampleHost({ programs: { cc: 'echo "cc 12.2.0"; echo more' } });
  expect(await probeCompiler(cc)).toMatchObject({
    state: 'ok',
    detail: expect.stringMatching(/^cc 12\.2\.0; needed only/),
  });
  const gcc = sampleHost({ programs: { gcc: 'echo "gcc 13"' } });
  expect(await probeCompiler(gcc)).toMatchObject({ state: 'ok', detail: expect.stringMatching(/^gcc 13/) });
  expect(await probeCompiler(sampleHost({ files: DEBIAN }))).toMatchObject({
    state: 'missing',
    required: false,
    fix: 'sudo apt-get install -y gcc make',
  });
});
