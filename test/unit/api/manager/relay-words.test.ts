import { expect, test } from 'vitest';
import { connectionError, readReplyLine } from '../../../../src/api/manager/relay-words.ts';

test.each([
  ['{"id":1,"reply":{"status":200,"body":{}}}', true],
  ['{"id":1,"message":"late"}', true],
  ['{"id":"1","message":"late"}', false],
  ['{"reply":{"status":200,"body":{}}}', false],
  ['{"id":1,"reply":null}', false],
  ['null', false],
  ['Error: no such container', false],
])('%s is a reply: %s', (line, isReply) => {
  expect(readReplyLine(line) !== undefined).toBe(isReply);
});

test('an error carries a code of the system’s only', () => {
  expect(connectionError('ENOENT')).toMatchObject({ code: 'ENOENT', message: 'ENOENT' });
  expect(connectionError('ECONNREFUSED', 'refused')).toMatchObject({ code: 'ECONNREFUSED', message: 'refused' });
  expect(connectionError('toString')).not.toHaveProperty('code');
  expect(connectionError(undefined, 'late').message).toBe('late');
});
