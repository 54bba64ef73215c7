import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { requireHost } from '../../../../src/host/doctor/require-host.ts';
import { sampleHost } from './sample-host.ts';

const COMPLETE = { programs: { bwrap: 'true', 'leash-warden': 'true', 'leash-entry': 'true' } };

function refusal(code: string, message: RegExp): unknown {
  return expect.objectContaining({ code, message: expect.stringMatching(message) });
}

test('a complete machine passes', () => {
  expect(() => requireHost(sampleHost(COMPLETE).env, 'linux', '6.1.0-18-amd64')).not.toThrow();
});

test('a release without a version is left to the kernel itself', () => {
  expect(() => requireHost(sampleHost(COMPLETE).env, 'linux', 'custom')).not.toThrow();
});

test.each(['leash-warden', 'leash-entry'])('without %s nothing starts', (program) => {
  const host = sampleHost(COMPLETE);
  rmSync(path.join(host.bin, program));
  expect(() => requireHost(host.env, 'linux', '6.1')).toThrow(
    refusal('LEASH_NATIVE_MISSING', new RegExp(`/${program} is missing`)),
  );
});

test('without bubblewrap nothing starts', () => {
  const host = sampleHost(COMPLETE);
  rmSync(path.join(host.bin, 'bwrap'));
  expect(() => requireHost(host.env, 'linux', '6.1')).toThrow(refusal('LEASH_HOST_INCOMPLETE', /bubblewrap/));
});

test.each([
  ['linux', '5.15.0-91-generic', /the kernel is 5\.15.*needs 5\.19/],
  ['darwin', '24.0.0', /this is darwin/],
])('on %s %s nothing starts', (platform, release, message) => {
  expect(() => requireHost(sampleHost(COMPLETE).env, platform, release)).toThrow(
    refusal('LEASH_HOST_INCOMPLETE', message),
  );
});
