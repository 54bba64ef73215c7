import { expect, test } from 'vitest';
import { askedLimits, parseCpus, parseMemory, parsePids } from '../../../src/cli/limit-args.ts';

test.each([
  ['4G', 4 * 2 ** 30],
  ['4g', 4 * 2 ** 30],
  ['4GiB', 4 * 2 ** 30],
  ['1.5G', 1.5 * 2 ** 30],
  ['512M', 512 * 2 ** 20],
  ['512MB', 512 * 2 ** 20],
  ['20480K', 20 * 2 ** 20],
  ['1T', 2 ** 40],
  ['33554432', 2 ** 25],
])('--memory %s', (text, bytes) => expect(parseMemory(text)).toBe(bytes));

test.each([
  '',
  '4 G',
  '-4G',
  '4X',
  'G',
  '4.G',
  '.5G',
  '1e9',
  '0x10',
  '33554432.5',
  '4GG',
  '٤G',
  '4G\n',
  'Infinity',
  'NaN',
])('--memory %j is no size', (text) =>
  expect(() => parseMemory(text)).toThrow(/^--memory needs a size such as 512M or 4G; got /),
);

test.each(['0', '15M', '1025T', '999999999999999T'])('--memory %s is out of range', (text) =>
  expect(() => parseMemory(text)).toThrow(`--memory ${text} is not between 16M and 1024T`),
);

test.each([
  ['1', 1],
  ['1.5', 1.5],
  ['0.01', 0.01],
  ['4096', 4096],
])('--cpus %s', (text, cpus) => expect(parseCpus(text)).toBe(cpus));

test.each(['', '0', '0.001', '-1', '1.', '1e3', '4097', '1,5', 'all', '1.5555'])('--cpus %j is refused', (text) =>
  expect(() => parseCpus(text)).toThrow(
    /^--cpus needs a number of processors between 0\.01 and 4096, such as 1\.5; got /,
  ),
);

test.each([
  ['8', 8],
  ['512', 512],
  ['4194304', 4_194_304],
])('--pids %s', (text, pids) => expect(parsePids(text)).toBe(pids));

test.each(['', '0', '7', '4194305', '-8', '8.0', '1e3', '0x10', 'max', ' 8'])('--pids %j is refused', (text) =>
  expect(() => parsePids(text)).toThrow(/^--pids needs a whole number between 8 and 4194304, such as 512; got /),
);

test('only what was asked for is there', () => {
  expect(askedLimits(() => undefined)).toEqual({});
  expect(askedLimits((name) => ({ memory: '1G', pids: '9' })[name])).toEqual({ memory: 2 ** 30, pids: 9 });
});
