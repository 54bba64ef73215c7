import { isUtf8 } from 'node:buffer';
import { expect, test } from 'vitest';
import type { Language } from '../../../../src/policy/compare/language.ts';
import {
  anyPath,
  fieldName,
  fieldValue,
  filePath,
  filePathOrNone,
  hostNameReversed,
  httpMethod,
  httpPath,
  httpQuery,
  ipv4Text,
  joinedArguments,
  recordType,
  repositoryPath,
  serverMark,
  sha256Text,
  words,
} from '../../../../src/policy/compare/languages.ts';
import { isEmbeddable } from '../../../../src/policy/evaluate/embeddable.ts';
import { parseIp } from '../../../../src/policy/evaluate/ip.ts';
import { isCanonicalPath } from '../../../../src/policy/facts.ts';
import { canonicalHost } from '../../../../src/proxy/names/canonical-host.ts';
import { Random } from '../random-words.ts';

/** Compares a language with a predicate on random bytes; both answers must be frequent. */
function compareWith(language: Language, pieces: readonly string[], isWord: (bytes: Buffer) => boolean): void {
  const random = new Random(7);
  const answers = { true: 0, false: 0 };
  for (let i = 0; i < 4000; i++) {
    const bytes = Buffer.from(Array.from({ length: random.below(9) }, () => random.pick(pieces)).join(''), 'latin1');
    const expected = isWord(bytes);
    answers[`${expected}`]++;
    expect({ text: bytes.toString('latin1'), has: language.has(bytes) }).toEqual({
      text: bytes.toString('latin1'),
      has: expected,
    });
  }
  expect(Math.min(answers.true, answers.false)).toBeGreaterThan(40);
}

const PATH_PIECES = ['/', '/', '/', 'a', '.', '..', ' ', '\0', 'b.c', '\xc3\xa9', '\xe2', '\x82', '\xac'];

function isPath(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0) && isCanonicalPath(bytes.toString());
}

test('paths are the canonical ones in UTF-8', () => {
  compareWith(anyPath(), ['/a', ...PATH_PIECES], isPath);
  const isFile = (bytes: Buffer): boolean => isPath(bytes) && !bytes.toString().endsWith('/');
  compareWith(filePath(), ['/a', ...PATH_PIECES], isFile);
  compareWith(filePathOrNone(), ['/a', ...PATH_PIECES], (bytes) => bytes.length === 0 || isFile(bytes));
});

test('the mark of an MCP server is what a request may have', () => {
  const pieces = [
    'mcp:',
    'mcp:',
    'mc',
    'm',
    ':',
    'a',
    '?',
    './',
    '\0',
    '\n',
    '\xc3\xa9',
    '\xed\xa0\x80',
    '\xe2',
    '\x82',
    '\xac',
  ];
  compareWith(serverMark(), pieces, (bytes) => {
    const program = { exe: '', uid: 0, via: bytes.toString() };
    const request = { action: 'FileWrite', resource: { type: 'path', path: '/a' }, program } as const;
    return isUtf8(bytes) && isEmbeddable(request);
  });
});

test('UTF-8 as the platform decodes it', () => {
  const pieces = [
    '\xc2\x80',
    '\xe0\xa0',
    '\xe0\x80',
    '\xed\xa0\x80',
    '\xed\x9f',
    '\xf0\x90',
    '\xf4\x90',
    '\xf4\x8f',
    '\x80',
    '\xbf',
  ];
  compareWith(joinedArguments(0), [...pieces, 'a'], isUtf8);
});

test('host names are those that the proxy leaves as they are, except addresses', () => {
  const isName = (bytes: Buffer): boolean => {
    const name = bytes.toString('latin1').split('').reverse().join('');
    return !name.includes('xn--') && canonicalHost(name) === name && parseIp(name) === undefined;
  };
  compareWith(hostNameReversed(), ['a', 'b', 'a', '.', '.', '-', '0', '1', '_', 'A', ':', '\xe9'], isName);
  const label = 'a'.repeat(63);
  expect(hostNameReversed().has(Buffer.from(`${label}.${label}`))).toBe(true);
  expect(hostNameReversed().has(Buffer.from(`${label}a.b`))).toBe(false);
});

test('addresses are those that Cedar reads', () => {
  compareWith(ipv4Text(), ['1.', '25', '5', '0', '.', '256', '1.2.', '3.4', '30.2', '/'], (bytes) => {
    const text = bytes.toString('latin1');
    return parseIp(text)?.v4 === true && !text.includes('/');
  });
});

test('texts of HTTP and DNS', () => {
  const matches = (pattern: RegExp) => (bytes: Buffer) => pattern.test(bytes.toString('latin1'));
  compareWith(httpMethod(), ['G', 'a', '-', ' ', '/', '1', '!'], matches(/^[!#$%&'*+.^_`|~0-9a-zA-Z-]+$/));
  compareWith(httpPath(), ['/', '/a', '*', '?', '#', ' ', '%20'], matches(/^(?:\/[!"$->@-~]*|\*)$/));
  compareWith(httpQuery(), ['', 'a', '?', '=', '#', ' '], matches(/^[!"$-~]*$/));
  compareWith(repositoryPath(), ['a', 'b', '/', '.', '?', ' '], matches(/^(?:[!"$-.0->@-~]+(?:\/[!"$-.0->@-~]+)*)?$/));
  compareWith(fieldName(), ['a', 'b', '-', '1', 'A', ' '], matches(/^[!#$%&'*+.^_`|~0-9a-z-]+$/));
  compareWith(recordType(), ['A', 'TXT', '_', '1', 'a', ' '], matches(/^[A-Z0-9_-]+$/));
  compareWith(fieldValue(), ['a', ' ', '\t', ';', '\x01'], matches(/^(?:[!-~](?:[!-~ \t]*[!-~])?)?$/));
});

test('a few words, a hash, a number of spaces', () => {
  compareWith(words(['tcp', 'udp', 'ud']), ['t', 'c', 'p', 'u', 'd', 'tcp'], (bytes) =>
    ['tcp', 'udp', 'ud'].includes(bytes.toString()),
  );
  const has = (language: Language, text: string): boolean => language.has(Buffer.from(text));
  expect([63, 64, 65].map((length) => has(sha256Text(), 'a'.repeat(length)))).toEqual([false, true, false]);
  expect(has(sha256Text(), 'A'.repeat(64))).toBe(false);
  expect(['', ' ', 'a b', 'a  b', '   '].map((text) => has(joinedArguments(2), text))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});
