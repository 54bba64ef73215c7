// Bytes from a fuzzer in; what the resolver made of them out, or an exception when its reply is none.
import assert from 'node:assert/strict';
import dns, { type RecordType } from 'dns-packet';
import { answerQuery } from '../../src/proxy/dns/answer.ts';
import { createNameService } from '../../src/proxy/dns/judge.ts';
import { SyntheticNames } from '../../src/proxy/names/synthetic-names.ts';
import type { ByteFuzzer } from './bytes.ts';

const TYPES: readonly RecordType[] = ['A', 'AAAA', 'MX', 'TXT', 'SOA', 'SRV', 'OPT', 'NULL', 'PTR', 'AXFR'];
const NAMES: readonly string[] = [
  'example.com',
  'a.b.c.d.e.f',
  'LOCALHOST',
  `${'x'.repeat(63)}.test`,
  '.',
  '*.com',
  'xn--bcher-kva.example',
];
const RESPONSE = 0x8000;

export function readDns(fuzzer: ByteFuzzer): string {
  const service = createNameService({
    names: new SyntheticNames(4),
    mayConnect: () => true,
    emit: () => undefined,
    decide: () => ({ effect: 'allow', policies: [], enforced: true, epoch: 1 }),
  });
  const query = dns.encode({
    type: 'query',
    id: fuzzer.below(0x10000),
    flags: dns.RECURSION_DESIRED,
    questions: [{ type: fuzzer.pick(TYPES), name: fuzzer.pick(NAMES) }],
    additionals: fuzzer.chance(0.5)
      ? [
          {
            type: 'OPT',
            name: '.',
            udpPayloadSize: 1232,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          },
        ]
      : [],
  });
  const bytes = fuzzer.mutated(query);
  const answer = answerQuery(bytes, service);
  if (answer === undefined) return 'not answered';
  assert(!(answer instanceof Promise), 'nobody is asked here');
  const reply = dns.decode(answer);
  assert.equal(reply.id, bytes.readUInt16BE(0));
  assert.equal(reply.type, 'response');
  assert((answer.readUInt16BE(2) & RESPONSE) !== 0 && answer.length <= 1232);
  return (reply.answers ?? []).length > 0 ? 'resolved' : 'answered with nothing';
}
