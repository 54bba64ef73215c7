import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { bodyThrough, responseThrough } from '../../../../src/proxy/exchange/chain.ts';
import type { BodyFilter } from '../../../../src/proxy/exchange/passage.ts';

/** Puts a letter before each byte and holds the last one back. */
function marking(letter: string): BodyFilter {
  let held = '';
  return {
    changes: true,
    push: (content) => {
      const text = held + content.toString('latin1');
      held = text.slice(-1);
      return Buffer.from([...text.slice(0, -1)].map((each) => letter + each).join(''));
    },
    end: () => Buffer.from(held === '' ? '' : letter + held),
  };
}

function watching(seen: string[]): BodyFilter {
  return {
    changes: false,
    push: (content) => {
      seen.push(content.toString('latin1'));
      return Buffer.from('never sent');
    },
    end: () => Buffer.from('nor this'),
  };
}

function run(filter: BodyFilter | undefined, parts: readonly string[]): string {
  if (filter === undefined) throw new Error('no filter');
  const passed = parts.map((part) => filter.push(Buffer.from(part)).toString('latin1'));
  return passed.join('') + filter.end().toString('latin1');
}

describe('two filters of one body', () => {
  it('either wakes both: what one says passes through the other', () => {
    const wakes: (() => void)[] = [];
    const speaking = (word: string): BodyFilter => ({
      ...marking(''),
      push: (content) => Buffer.concat([content, Buffer.from(word)]),
      wakes: (wake) => void wakes.push(wake),
    });
    const filter = bodyThrough(speaking('a'), speaking('b'));
    const said: string[] = [];
    filter?.wakes?.(() => said.push(String(filter.push(Buffer.alloc(0)))));
    for (const wake of wakes) wake();
    expect(said).toEqual(['ab', 'ab']);
  });

  it('the second sees what the first makes, and what it held back', () => {
    expect(run(bodyThrough(marking('a'), marking('b')), ['xy', 'z'])).toBe('babxbabybabz');
  });

  it('one that only looks sees every byte, before and after, and changes none', () => {
    const before: string[] = [];
    const after: string[] = [];
    expect(run(bodyThrough(bodyThrough(watching(before), marking('a')), watching(after)), ['xy', 'z'])).toBe('axayaz');
    expect([before.join(''), after.join('')]).toEqual(['xyz', 'axayaz']);
    expect(bodyThrough(watching([]), watching([]))?.changes).toBe(false);
  });

  it('one alone stays as it is', () => {
    const one = marking('a');
    expect([bodyThrough(one, undefined), bodyThrough(undefined, one), bodyThrough(undefined, undefined)]).toEqual([
      one,
      one,
      undefined,
    ]);
  });
});

it('a response passes the first edit, then the second', () => {
  const field = (name: string) => ({ name, value: '', line: `${name}:` });
  const edit = responseThrough(
    ({ fields }) => ({ fields: [...fields, field('one')], body: marking('a') }),
    ({ fields, status }) => ({ fields: [...fields, field(`two-${status}`)], body: marking('b') }),
  );
  const { fields, body } = edit({ status: 200, fields: [field('from-server')] });
  expect(fields.map(({ name }) => name)).toEqual(['from-server', 'one', 'two-200']);
  expect(run(body, ['x'])).toBe('babx');
});
