import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { segmentName } from '../../../../../src/journal/segment.ts';
import { numbered, openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../../journal/sample-session.ts';
import { runLeash } from '../../run-leash.ts';

async function state(): Promise<{ root: string; dir: string }> {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const journal = openSample(dir);
  journal.append(numbered(0));
  journal.append(sampleEvent({ resource: { type: 'path', path: '/\u001b]0;x\u0007\u009b2J' } }));
  await journal.close({ ended: 1, exitCode: 0 });
  return { root, dir };
}

test('events are exported one a line, without bytes that a terminal acts on', async () => {
  const { root } = await state();
  const { status, stdout } = runLeash(['events', 'export'], { XDG_STATE_HOME: root });
  expect(status).toBe(0);
  expect(stdout).not.toMatch(/[\u001b\u0007\u009b]/);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toMatchObject([
    { session: SESSION_ID, seq: 0 },
    { seq: 1, resource: { path: '/\u001b]0;x\u0007\u009b2J' } },
  ]);
});

test('a file is private, whole, and never replaced', async () => {
  const { root, dir } = await state();
  const file = path.join(root, 'out.jsonl');
  const run = (name: string) => runLeash(['events', 'export', '-o', name], { XDG_STATE_HOME: root });
  expect(run(file)).toMatchObject({ status: 0, stdout: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  expect(run(file)).toMatchObject({ status: 1, stderr: expect.stringContaining('LEASH_EXPORT') });
  const segment = path.join(dir, segmentName(1));
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('/file-0', '/fool-0'));
  expect(run(path.join(root, 'two'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('LEASH_JOURNAL_CORRUPT'),
  });
  expect(readdirSync(root).sort()).toEqual(['leash', 'out.jsonl']);
});
