import { expect, test } from 'vitest';
import { bodyRedactor } from '../../../src/session/redact-body.ts';

const SECRET = 'sk-ant-"quoted"/+and\nmore';
const { clean, longest } = bodyRedactor([['API_KEY', SECRET]]);

test.each([
  ['as it is', SECRET],
  ['in JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['in base64', Buffer.from(SECRET).toString('base64')],
  ['in base64, one byte on', Buffer.from(`u${SECRET}`).toString('base64')],
  ['in base64, two bytes on', Buffer.from(`u:${SECRET}`).toString('base64')],
  ['in base64, with more behind it', Buffer.from(`user:${SECRET}:and more`).toString('base64')],
  ['in base64url', Buffer.from(`us:${SECRET}`).toString('base64url')],
])('a known value is taken out %s', (_name, spelled) => {
  const cleaned = clean(`before ${spelled} after`);
  expect(cleaned).toContain('[API_KEY]');
  expect(cleaned).toMatch(/^before .*after$/s);
  // At most what belongs to the bytes around it is left.
  expect(cleaned.length).toBeLessThan('before [API_KEY] after'.length + 24);
  expect(longest).toBeGreaterThanOrEqual(Buffer.from(SECRET).toString('hex').length);
});

test.each([
  ['{"authorization_token":"abc","x":1}', '{"authorization_token":"[redacted]","x":1}'],
  ['{"headers":{"Authorization" : "Token \\"abc"}}', '{"headers":{"Authorization" : "[redacted]"}}'],
  ['{"client_secret":"abc', '{"client_secret":"[redacted]'],
  ['{"api_key":"abc","apiKey":"def"}', '{"api_key":"[redacted]","apiKey":"[redacted]"}'],
  ['grant_type=refresh_token&refresh_token=abc&scope=x', 'grant_type=refresh_token&refresh_token=[redacted]&scope=x'],
  ['curl -H "Authorization: Bearer abcdefghijklmnop" x', 'curl -H "Authorization: Bearer [redacted]" x'],
  ['{"password":"hunter2"}', '{"password":"[redacted]"}'],
  [
    '{"max_tokens":5,"input_tokens":"7","key":"k","token_type":"t"}',
    '{"max_tokens":5,"input_tokens":"7","key":"k","token_type":"t"}',
  ],
  ['{"content":"the secret of cookies"}', '{"content":"the secret of cookies"}'],
])('what stands under the name of a credential is taken out: %s', (text, expected) => {
  expect(bodyRedactor([]).clean(text)).toBe(expected);
});

test('a long text without any is as it was, in time', () => {
  const text = `{"a":"${'x".authorization'.repeat(50_000)}`;
  expect(bodyRedactor([]).clean(text)).toBe(text);
});
