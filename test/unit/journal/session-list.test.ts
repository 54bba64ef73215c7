import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { processIdentity } from '../../../src/journal/owner.ts';
import { writeSessionInfo } from '../../../src/journal/session-file.ts';
import { findSession, listSessions, sessionState } from '../../../src/journal/session-list.ts';
import { sampleInfo, temporaryFolder } from './sample-session.ts';

const OLD = '20261124-090000-aaaa';
const NEW = '20261125-142233-k3f9';
const LAST = '20261125-142233-zzzz';

function folderWith(...ids: readonly string[]): string {
  const root = temporaryFolder();
  for (const id of ids) {
    mkdirSync(path.join(root, id));
    writeSessionInfo(path.join(root, id), sampleInfo({ id }), false);
  }
  return root;
}

function unknown(message: RegExp): unknown {
  return expect.objectContaining({ code: 'LEASH_SESSION_UNKNOWN', message: expect.stringMatching(message) });
}

test('a session with an end has ended, whoever has its process id now', () => {
  expect(sessionState(sampleInfo({ ended: 1 }))).toBe('ended');
});

test('a session runs while its very process lives', () => {
  const owner = processIdentity(process.pid) ?? '';
  expect(sessionState(sampleInfo({ owner }))).toBe('running');
  expect(sessionState(sampleInfo({ owner: `${owner}0` }))).toBe('crashed');
  // Above the largest process id a kernel gives out.
  expect(sessionState(sampleInfo({ pid: 2 ** 22 + 1 }))).toBe('crashed');
});

test('sessions are listed newest first; other files are no sessions, and a bad record does not hide the rest', () => {
  const root = folderWith(OLD, NEW);
  mkdirSync(path.join(root, LAST));
  writeFileSync(path.join(root, 'notes.txt'), '');
  const { sessions, unreadable } = listSessions(root);
  expect(sessions.map(({ info }) => info.id)).toEqual([NEW, OLD]);
  expect(unreadable).toEqual([LAST]);
});

test('without the folder there are no sessions', () => {
  const root = path.join(temporaryFolder(), 'none');
  expect(listSessions(root)).toEqual({ sessions: [], unreadable: [] });
  expect(() => findSession('latest', root)).toThrow(unknown(/no sessions in .* yet/));
});

test.each([
  ['latest', LAST],
  [OLD, OLD],
  ['20261124', OLD],
  ['k3f9', NEW],
])('%s names %s', (wanted, id) => {
  expect(findSession(wanted, folderWith(OLD, NEW, LAST)).info.id).toBe(id);
});

test.each([
  ['', /no session ""/],
  ['2027', /no session "2027"/],
  ['../etc', /no session/],
  ['20261125', /the name of 2 sessions/],
])('%j names none', (wanted, message) => {
  expect(() => findSession(wanted, folderWith(OLD, NEW, LAST))).toThrow(unknown(message));
});
