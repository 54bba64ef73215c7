import { expect, test } from 'vitest';
import {
  askWarden,
  probeBpfLsm,
  probeKernelVersion,
  probeLandlock,
  probeOverlay,
  probeProgramContent,
  probeSeccomp,
  probeTransparentProxy,
  type WardenReport,
} from '../../../../src/host/doctor/kernel.ts';
import { sampleHost } from './sample-host.ts';

const ALL: WardenReport = {
  seccomp_notify: true,
  wait_killable: true,
  sync_wake_up: true,
  landlock_abi: 7,
  content_held: true,
};

test('the warden is asked, and believed', async () => {
  const host = sampleHost({ programs: { 'leash-warden': `test "$*" = --probe && echo '${JSON.stringify(ALL)}'` } });
  expect(await askWarden(host)).toEqual(ALL);
});

test.each([
  ['is not there', {}, /not built/],
  ['fails', { 'leash-warden': 'echo "no such option" >&2; exit 2' }, /failed: no such option/],
  ['says nothing', { 'leash-warden': 'true' }, /does not understand/],
  ['says less', { 'leash-warden': 'echo \'{"seccomp_notify":true}\'' }, /does not understand/],
  [
    'says it in other types',
    { 'leash-warden': `echo '${JSON.stringify({ ...ALL, landlock_abi: '7' })}'` },
    /does not understand/,
  ],
])('a warden that %s leaves everything unknown', async (_what, programs, reason) => {
  const answer = await askWarden(sampleHost({ programs }));
  expect(answer).toEqual({ unknown: expect.stringMatching(reason) });
  for (const probe of [probeSeccomp, probeLandlock, probeProgramContent]) {
    expect(probe(answer)).toMatchObject({ state: 'unknown', detail: expect.stringMatching(reason) });
  }
});

test.each<[string, Partial<WardenReport>, string]>([
  ['everything', {}, 'ok'],
  ['no synchronous wake-up', { sync_wake_up: false }, 'degraded'],
  ['no killable wait', { wait_killable: false }, 'missing'],
  ['no notification', { seccomp_notify: false }, 'missing'],
])('seccomp with %s is %s', (_what, changes, state) => {
  const probe = probeSeccomp({ ...ALL, ...changes });
  expect(probe).toMatchObject({ state, required: true });
  expect(probe.fix === undefined).toBe(state === 'ok');
});

test.each([
  ['grants the network', 'test "$*" = --probe', 'ok', /accepted/],
  [
    'is refused',
    'echo "loading the nf_tables rules: Operation not supported" >&2; exit 125',
    'missing',
    /not supported/,
  ],
])('an entry that %s', async (_what, script, state, detail) => {
  const probe = await probeTransparentProxy(sampleHost({ programs: { 'leash-entry': script } }));
  expect(probe).toMatchObject({ state, required: true, detail: expect.stringMatching(detail) });
  expect(probe.fix === undefined).toBe(state === 'ok');
});

test('without leash-entry the transparent proxy is unknown', async () => {
  expect(await probeTransparentProxy(sampleHost())).toMatchObject({ state: 'unknown' });
});

test('Landlock is a second wall', () => {
  expect(probeLandlock(ALL)).toMatchObject({ state: 'ok', detail: 'ABI 7' });
  expect(probeLandlock({ ...ALL, landlock_abi: 0 })).toMatchObject({ state: 'degraded', required: false });
});

test.each([
  ['6.18.44', 'ok'],
  ['5.19.0', 'ok'],
  ['5.15.0-91-generic', 'missing'],
  ['custom', 'unknown'],
])('kernel %s is %s', (release, state) => {
  expect(probeKernelVersion(release)).toMatchObject({ state, detail: expect.stringContaining(release) });
});

test.each([
  ['lockdown,capability,landlock,yama,apparmor,bpf\n', 'unknown', /^listed, not probed/],
  ['lockdown,capability,landlock,yama,apparmor\n', 'missing', /^not listed/],
  ['ebpf\n', 'missing', /^not listed/],
])('LSM list %j', (list, state, detail) => {
  const host = sampleHost({ files: { 'sys/kernel/security/lsm': list } });
  expect(probeBpfLsm(host)).toMatchObject({ state, required: false, detail: expect.stringMatching(detail) });
});

test('an LSM list that cannot be read', () => {
  expect(probeBpfLsm(sampleHost())).toMatchObject({ state: 'unknown' });
});

test('where a running program can be written, rules about its content are refused', () => {
  expect(probeProgramContent(ALL)).toMatchObject({ state: 'ok' });
  expect(probeProgramContent({ ...ALL, content_held: false })).toMatchObject({ state: 'degraded', required: false });
});

test.each([
  ['is not built', {}, 'unknown', /not built/],
  ['may mount one', { 'leash-entry': 'test "$*" = --probe-overlay' }, 'ok', /user namespace/],
  [
    'may not',
    { 'leash-entry': 'echo "mounting an overlay: Operation not permitted" >&2; exit 125' },
    'degraded',
    /^refused \(mounting an overlay: .*--review/,
  ],
])('overlays, where leash-entry %s', async (_what, programs, state, detail) => {
  const probe = await probeOverlay(sampleHost({ programs }));
  expect(probe).toMatchObject({ state, required: false, detail: expect.stringMatching(detail) });
});
