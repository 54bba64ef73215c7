// The canonical spelling of a path, and what servers read in more than one way.
import { describe, expect, it } from 'vitest';
import { canonicalPath, pathAmbiguity } from '../../../../src/proxy/http/path.ts';

describe('canonicalPath', () => {
  it.each([
    ['/', '/'],
    ['*', '*'],
    ['/a/b-c._~', '/a/b-c._~'],
    ['/%61%44min', '/aDmin'],
    ['/%7Euser/%2D%5F', '/~user/-_'],
    ['/%40scope/%2b%21', '/@scope/+!'],
    ['/a%2fb', '/a%2Fb'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a{b}|"c"', '/a%7Bb%7D%7C%22c%22'],
    ['/a\\b', '/a%5Cb'],
    ['/a;b=c', '/a;b=c'],
    ['/a%3bb', '/a%3Bb'],
    ['/100%', '/100%'],
    ['/%u0061%zz', '/%u0061%zz'],
    ['/%25%36%31', '/%2561'],
    ['/A/a', '/A/a'],
  ])('%s is %s', (sent, canonical) => {
    expect(canonicalPath(sent)).toBe(canonical);
  });

  it('is its own canonical form', () => {
    const pieces = ['%', '25', '2F', '61', 'a', '/', '\\', ';', '%u', '{', 'Z', '%c3', '%A9', '~'];
    for (let i = 0; i < 20_000; i++) {
      const path = `/${Array.from({ length: 1 + (i % 7) }, (_, k) => pieces[(i * 31 + k * (i % 13) * 7 + k) % pieces.length]).join('')}`;
      const once = canonicalPath(path);
      // Decoding may put an escape together, which counts as one of an escape: `%25` before digits.
      if (pathAmbiguity(once) === undefined) expect(canonicalPath(once)).toBe(once);
    }
  });
});

describe('pathAmbiguity', () => {
  it.each([
    ['/a//b', 'empty segment'],
    ['//a', 'empty segment'],
    ['/a;jsessionid=1', 'semicolon'],
    ['/a%3bb', 'semicolon'],
    ['/a%2fb', 'escaped slash'],
    ['/a%2Fb', 'escaped slash'],
    ['/a%5cb', 'backslash'],
    ['/a\\b', 'backslash'],
    ['/a%00', 'control'],
    ['/a%0d%0aX', 'control'],
    ['/a%7f', 'control'],
    ['/%2561dmin', 'escape of an escape'],
    ['/%25%36%31dmin', 'escape of an escape'],
    ['/%25u0061', 'escape of an escape'],
    ['/%u0061', 'begins no escape'],
    ['/100%', 'begins no escape'],
    ['/%4', 'begins no escape'],
    ['/%zz', 'begins no escape'],
    // Overlong, not shortest, a surrogate, beyond Unicode, cut off.
    ['/%C1%A1', 'not UTF-8'],
    ['/%c0%ae', 'not UTF-8'],
    ['/%E0%81%A1', 'not UTF-8'],
    ['/%ED%A0%80', 'not UTF-8'],
    ['/%F5%80%80%80', 'not UTF-8'],
    ['/%C3', 'not UTF-8'],
    ['/%E9', 'not UTF-8'],
  ])('%s: %s', (sent, what) => {
    expect(pathAmbiguity(canonicalPath(sent))).toContain(what);
  });

  it.each([
    '/',
    '*',
    '/a/b',
    '/caf%c3%a9',
    '/100%25',
    '/100%25/x',
    '/%40a',
    '/a%20b',
    '/a%3Fb',
    '/%F0%9F%98%80',
    '/a/',
  ])('%s means one thing', (sent) => {
    expect(pathAmbiguity(canonicalPath(sent))).toBeUndefined();
  });
});
