import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BodyFiles } from '../../../../src/journal/body-files.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../journal/sample-session.ts';
import { runLeash } from '../run-leash.ts';

interface State {
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
}

async function recordedSession(): Promise<State> {
  const root = temporaryFolder();
  const dir = path.join(root, 'leash', 'sessions', SESSION_ID);
  const journal = openSample(dir);
  const files = new BodyFiles(dir);
  const detail = Object.fromEntries(
    (['request', 'response'] as const).flatMap((direction) => {
      const written = files.write(1, direction, Buffer.from(`{"${direction}":"\u001b[2J"}\n`));
      return [
        [`${direction}_body`, written?.name ?? ''],
        [`${direction}_body_sha256`, written?.sha256 ?? ''],
        [`${direction}_body_type`, 'application/json\u001b'],
      ];
    }),
  );
  journal.append(sampleEvent());
  journal.append(sampleEvent({ action: 'HttpRequest', resource: { type: 'host', name: 'a' }, detail }));
  journal.append(sampleEvent({ detail: { request_body: '../session.json', request_body_sha256: '' } }));
  await journal.close({ ended: 1, exitCode: 0 });
  return { env: { XDG_STATE_HOME: root }, dir };
}

test('the bodies of an event are printed as they are, and what stands where beside them', async () => {
  const { env } = await recordedSession();
  const both = runLeash(['bodies', 'latest:1'], env);
  expect(both.status).toBe(0);
  expect(both.stdout).toBe('{"request":"\u001b[2J"}\n{"response":"\u001b[2J"}\n');
  expect(both.stderr).toBe(
    'leash: request: application/json\\u001b, 19 bytes\nleash: response: application/json\\u001b, 20 bytes\n',
  );
  expect(runLeash(['bodies', '--response', `${SESSION_ID}:1`], env).stdout).toBe('{"response":"\u001b[2J"}\n');
});

test.each([
  ['latest:0', 1, /LEASH_BODY_NONE: event 0 of session \S+ has no recorded body/],
  ['latest:9', 1, /LEASH_SESSION_UNKNOWN/],
  ['latest', 2, /LEASH_USAGE: an event is SESSION:NUMBER/],
  ['latest:2', 1, /LEASH_JOURNAL_CORRUPT: the event names no body/],
])('%s has none to print', async (event, status, message) => {
  const { env } = await recordedSession();
  const outcome = runLeash(['bodies', event], env);
  expect([outcome.status, outcome.stdout]).toEqual([status, '']);
  expect(outcome.stderr).toMatch(message);
});

test('a body that was changed is not printed', async () => {
  const { env, dir } = await recordedSession();
  appendFileSync(path.join(dir, 'bodies/1-request'), 'x');
  const outcome = runLeash(['bodies', 'latest:1'], env);
  expect([outcome.status, outcome.stdout]).toEqual([1, '']);
  expect(outcome.stderr).toMatch(/LEASH_JOURNAL_CORRUPT: the body 1-request is not what was recorded/);
});
