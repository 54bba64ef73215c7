import { expect, test } from 'vitest';
import { encodeLine, genesis, MAX_LINE_BYTES } from '../../../src/journal/chain.ts';
import { JournalDecoder, type JournalEntry } from '../../../src/journal/decoder.ts';
import { numbered, SESSION_ID, sampleInfo } from './sample-session.ts';

function lines(count: number): { readonly texts: string[]; readonly last: string } {
  let head = genesis(SESSION_ID);
  const texts: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const { line, next } = encodeLine(head, JSON.stringify(numbered(number)));
    texts.push(`${line}\n`);
    head = next;
  }
  return { texts, last: head.prev };
}

function decoder(): JournalDecoder {
  const made = new JournalDecoder(SESSION_ID);
  made.startSegment('events-000001.jsonl');
  return made;
}

function corrupt(message: RegExp, intact: RegExp): unknown {
  return expect.objectContaining({
    code: 'LEASH_JOURNAL_CORRUPT',
    message: expect.stringMatching(message),
    details: [expect.stringMatching(intact)],
  });
}

test('events come out whatever the size of the pieces', () => {
  const { texts } = lines(5);
  const bytes = Buffer.from(texts.join(''));
  for (const size of [1, 7, 64, 1_000, bytes.length]) {
    const reading = decoder();
    const entries: JournalEntry[] = [];
    const scratch = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) {
      // One buffer for all pieces, as a reader uses it.
      const length = bytes.copy(scratch, 0, at, at + size);
      entries.push(...reading.push(scratch.subarray(0, length)));
    }
    expect(entries).toEqual([0, 1, 2, 3, 4].map((seq) => ({ seq, event: numbered(seq) })));
    expect(reading.unfinished).toBe(0);
  }
});

test('a line without an end is counted, not decoded', () => {
  const { texts } = lines(2);
  const reading = decoder();
  const entries = [...reading.push(Buffer.from(texts.join('').slice(0, -10)))];
  expect(entries).toHaveLength(1);
  expect(reading.unfinished).toBe((texts[1] ?? '').length - 10);
});

test('a changed byte is found in the next line, and what is before it is given out', () => {
  const { texts } = lines(4);
  texts[1] = (texts[1] ?? '').replace('/file-1', '/file-9');
  const reading = decoder();
  const seen: number[] = [];
  const read = (): void => {
    for (const { seq } of reading.push(Buffer.from(texts.join('')))) seen.push(seq);
  };
  expect(read).toThrow(corrupt(/^events-000001\.jsonl line 3: the chain is broken/, /^Intact: 2 events \(0 to 1\)/));
  expect(seen).toEqual([0, 1]);
});

test.each([
  ['removed', [0, 2], /line 2: expected event 1, found event 2/],
  ['repeated', [0, 0], /line 2: expected event 1, found event 0/],
  ['exchanged', [1, 0], /line 1: expected event 0, found event 1/],
])('a line that was %s is found', (_what, order, message) => {
  const { texts } = lines(3);
  const bytes = Buffer.from(order.map((index) => texts[index]).join(''));
  expect(() => [...decoder().push(bytes)]).toThrow(corrupt(message, /./));
});

test('a journal of another session is refused', () => {
  const reading = new JournalDecoder('20261125-142233-aaaa');
  reading.startSegment('events-000001.jsonl');
  expect(() => [...reading.push(Buffer.from(lines(1).texts.join('')))]).toThrow(
    corrupt(/line 1: the chain is broken/, /^No event/),
  );
});

test('a line without an end in a segment that is not the last is an error', () => {
  const { texts } = lines(1);
  const reading = decoder();
  expect([...reading.push(Buffer.from((texts[0] ?? '').slice(0, -5)))]).toEqual([]);
  expect(() => reading.startSegment('events-000002.jsonl')).toThrow(
    corrupt(/^events-000001\.jsonl line 1: .*no end/, /./),
  );
});

test('a line longer than any Leash writes is refused before it is kept in memory', () => {
  expect(() => [...decoder().push(Buffer.alloc(MAX_LINE_BYTES + 1, 'x'))]).toThrow(corrupt(/too long/, /./));
  expect(() => [...decoder().push(Buffer.from(`${'x'.repeat(MAX_LINE_BYTES + 1)}\n`))]).toThrow(
    corrupt(/too long/, /./),
  );
});

test('the record of an ended session tells whether the end is missing', () => {
  const { texts, last } = lines(3);
  const whole = decoder();
  expect([...whole.push(Buffer.from(texts.join('')))]).toHaveLength(3);
  expect(() => whole.finish(sampleInfo({ events: 3, head: last }))).not.toThrow();
  expect(() => whole.finish(sampleInfo({ events: 3, head: '0'.repeat(64) }))).toThrow(corrupt(/not they/, /./));
  const shortened = decoder();
  expect([...shortened.push(Buffer.from(texts.slice(0, 2).join('')))]).toHaveLength(2);
  expect(() => shortened.finish(sampleInfo({ events: 3, head: last }))).toThrow(
    corrupt(/wrote 3 events/, /^Intact: 2 events/),
  );
});
