import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { segmentName } from '../../../../../src/journal/segment.ts';
import { numbered, openSample, SESSION_ID, temporaryFolder } from '../../../journal/sample-session.ts';
import { runLeash } from '../../run-leash.ts';

test('a whole journal, an altered one, and one that is not there', async () => {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const verify = (...args: string[]) => runLeash(['events', 'verify', ...args], { XDG_STATE_HOME: root });
  expect(verify()).toMatchObject({ status: 1, stderr: expect.stringContaining('LEASH_SESSION_UNKNOWN') });
  const journal = openSample(dir);
  for (let number = 0; number < 4; number += 1) journal.append(numbered(number));
  await journal.close({ ended: 1, exitCode: 0 });
  expect(verify()).toEqual({ status: 0, stdout: `session ${SESSION_ID}: 4 events in 1 segment, whole\n`, stderr: '' });

  const file = path.join(dir, segmentName(1));
  const text = readFileSync(file, 'utf8');
  const offset = text.indexOf('\n') + 1;
  writeFileSync(file, text.replace('/file-1', '/fool-1'));
  const { status, stdout } = verify('--session', 'k3f9');
  expect(status).toBe(1);
  expect(stdout.split('\n')).toEqual([
    `events-000001.jsonl line 2, byte ${offset}: edited: the next line carries another hash than that of these bytes`,
    `session ${SESSION_ID}: 3 events in 1 segment stand where they were written; 1 fault`,
    '',
  ]);
  const json = verify('--json');
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({
    intact: 3,
    isSealed: true,
    faults: [{ kind: 'edited', line: 2, offset, events: [1, 1] }],
  });
});
