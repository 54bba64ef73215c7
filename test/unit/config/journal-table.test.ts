import { expect, test } from 'vitest';
import { readJournal } from '../../../src/config/journal-table.ts';

test('ages, sizes and an endpoint are read', () => {
  expect(readJournal(undefined)).toEqual({});
  expect(readJournal({ keep: '30d', keep_size: '10G', segment: '1M', otlp: 'http://127.0.0.1:4318' })).toEqual({
    keepFor: 30 * 86_400_000,
    keepSize: 10 * 2 ** 30,
    segmentBytes: 2 ** 20,
    otlp: 'http://127.0.0.1:4318',
  });
});

test.each([
  [[], 'journal is no table'],
  [{ keeps: '30d' }, 'journal has no key "keeps"; did you mean keep?'],
  [{ keep: 30 }, 'keep needs a text in quotes'],
  [{ keep: '0d' }, 'keep needs a number with h, d or w'],
  [{ keep: '30 days' }, 'keep needs a number with h, d or w'],
  [{ keep_size: '10T' }, 'keep_size needs a number with K, M or G'],
  [{ segment: '2G' }, 'segment needs a size from "1M" to "1G"'],
  [{ segment: '1K' }, 'segment needs a size from "1M" to "1G"'],
  [{ constructor: 'x' }, 'journal has no key "constructor"'],
])('%j is a fault: %s', (table, text) => {
  expect(() => readJournal(table)).toThrow(text);
});

test('an endpoint that is none is not repeated: it may hold a password', () => {
  const read = (): unknown => readJournal({ otlp: 'me:swordfish@collector' });
  expect(read).toThrow('otlp needs a URL');
  expect(read).not.toThrow(/swordfish/);
});
