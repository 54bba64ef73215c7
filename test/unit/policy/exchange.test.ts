// A statement crosses between threads once, and what arrives is what was sent.
import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { type CompiledMessage, SetReceiver, SetSender } from '../../../src/policy/exchange.ts';
import type { Compiled } from '../../../src/policy/policy-set.ts';

const [a, b, c] = ['a', 'b', 'c'].map((effect) => ({ effect })) as [object, object, object];

function set(...statements: readonly object[]): Compiled {
  const policies = statements.map((json, index) => ({ id: `policy ${index}`, shadow: false, reason: 'why', json }));
  return { policies, notes: ['note'], image: new Uint8Array([1, 2]), readsContent: true, staleFrom: '2030-01-01' };
}

/** As between two threads. */
function cross(message: CompiledMessage): CompiledMessage {
  return deserialize(serialize(message)) as CompiledMessage;
}

describe('sets that follow each other', () => {
  it('arrive as they were sent, and share what they have in common', () => {
    const sender = new SetSender();
    const receiver = new SetReceiver();
    const sets = [set(a, b), set(c, a, b, a), set(), set(b), set(a, b)];
    const received = sets.map((each) => receiver.read(cross(sender.write(each))));
    for (const [index, each] of received.entries()) {
      expect({ ...each, image: [...each.image] }).toEqual({ ...sets[index], image: [1, 2] });
    }
    expect(received[1]?.policies[1]?.json).toBe(received[0]?.policies[0]?.json);
  });

  it('carry only statements that the set before did not hold', () => {
    const sender = new SetSender();
    const counts = [set(a, b), set(a, b, c), set(a), set(a, b)].map((each) => sender.write(each).fresh.size);
    expect(counts).toEqual([2, 1, 0, 1]);
  });

  it('must all be read', () => {
    const sender = new SetSender();
    sender.write(set(a));
    expect(() => new SetReceiver().read(sender.write(set(a)))).toThrow(RangeError);
  });
});
