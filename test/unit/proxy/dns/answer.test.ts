// Replies to single DNS queries, byte for byte.
import dns, { type RecordType } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { answerQuery, type NameService, type Outcome, type Question } from '../../../../src/proxy/dns/answer.ts';
import { createNameService } from '../../../../src/proxy/dns/judge.ts';
import { SyntheticNames } from '../../../../src/proxy/names/synthetic-names.ts';
import type { Event } from '../../../../src/schema/event.ts';
import type { Request } from '../../../../src/schema/request.ts';

const events: Event[] = [];
function service(
  permitted: (name: string) => boolean = () => true,
  may: (name: string) => boolean = () => true,
): NameService {
  events.length = 0;
  const decide = (request: Request) => {
    const name = request.resource.type === 'host' ? request.resource.name : '';
    return {
      effect: permitted(name) ? ('allow' as const) : ('deny' as const),
      policies: ['p'],
      enforced: true,
      epoch: 3,
    };
  };
  return createNameService({
    names: new SyntheticNames(4),
    mayConnect: may,
    emit: (event) => events.push(event),
    decide,
  });
}
const query = (name: string, type: RecordType = 'A'): Buffer =>
  dns.encode({ type: 'query', id: 99, flags: dns.RECURSION_DESIRED, questions: [{ type, name }] });
function reply(message: Buffer, from: NameService) {
  const bytes = answerQuery(message, from);
  if (bytes instanceof Promise) throw new Error('nobody is asked here');
  return bytes === undefined ? undefined : (dns.decode(bytes) as dns.DecodedPacket & { rcode: string });
}

describe('answerQuery', () => {
  it('gives A and AAAA of a permitted name and keeps the case of the question', () => {
    const names = service();
    expect(reply(query('A.tEst'), names)).toMatchObject({
      id: 99,
      rcode: 'NOERROR',
      flag_rd: true,
      flag_ra: true,
      questions: [{ name: 'A.tEst' }],
      answers: [{ name: 'A.tEst', ttl: 10, data: '198.18.1.0' }],
    });
    expect(reply(query('a.test', 'AAAA'), names)?.answers).toMatchObject([{ data: 'fd6c:6561:7368::100' }]);
    expect(events.map(({ resource }) => resource)).toEqual([
      { type: 'host', name: 'a.test' },
      { type: 'host', name: 'a.test' },
    ]);
  });

  it('does not repeat a name that would not fit a reply', () => {
    const message = query(`${'x'.repeat(60)}.test`);
    message.fill(0xff, 13, 73);
    expect(reply(message, service())).toMatchObject({ id: 99, rcode: 'NXDOMAIN', questions: [], answers: [] });
  });

  it.each(['HTTPS', 'SVCB', 'TXT', 'MX', 'SRV', 'NS', 'SOA', 'NULL', 'PTR'] as RecordType[])(
    'has no data of type %s',
    (type) => {
      expect(reply(query('a.test', type), service())).toMatchObject({ rcode: 'NOERROR', answers: [] });
      expect(events).toMatchObject([{ detail: { answer: 'no-data' } }]);
    },
  );

  it('denies the existence of a name that DnsResolve denies or that nothing could connect to', () => {
    expect(
      reply(
        query('a.test'),
        service(() => false),
      ),
    ).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
    expect(events).toMatchObject([
      { effect: 'deny', enforced: true, policies: ['p'], epoch: 3, detail: { answer: 'no-such-name' } },
    ]);
    expect(
      reply(
        query('a.test'),
        service(
          () => true,
          () => false,
        ),
      ),
    ).toMatchObject({ rcode: 'NXDOMAIN' });
    expect(events).toMatchObject([
      { effect: 'deny', policies: [], reason: 'no policy permits a connection to this name' },
    ]);
  });

  it('answers localhost with loopback, whatever policy says', () => {
    const names = service(
      () => false,
      () => false,
    );
    expect(reply(query('localhost'), names)?.answers).toMatchObject([{ data: '127.0.0.1' }]);
    expect(reply(query('a.localhost', 'AAAA'), names)?.answers).toMatchObject([{ data: '::1' }]);
    expect(events).toMatchObject([{ effect: 'allow' }, { effect: 'allow' }]);
  });

  it('refuses names that are no host names', () => {
    expect(reply(query('a b.test'), service())).toMatchObject({ rcode: 'NXDOMAIN' });
    expect(events).toMatchObject([{ resource: { name: 'a?b.test' }, effect: 'deny', reason: 'not a host name' }]);
  });

  it('fails when no synthetic address is left', () => {
    const names = service();
    for (const name of ['a', 'b', 'c', 'd']) reply(query(name), names);
    expect(reply(query('e'), names)).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  it('answers EDNS with EDNS', () => {
    const message = dns.encode({
      type: 'query',
      id: 1,
      questions: [{ type: 'A', name: 'a.test' }],
      additionals: [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: 4096,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ],
    });
    expect(reply(message, service())?.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232 }]);
    expect(reply(query('a.test'), service())?.additionals).toEqual([]);
  });

  it('does not answer responses or fragments, and says what is wrong with the rest', () => {
    expect(answerQuery(Buffer.alloc(11), service())).toBeUndefined();
    expect(answerQuery(dns.encode({ type: 'response', id: 1 }), service())).toBeUndefined();
    expect(reply(Buffer.concat([query('a.test').subarray(0, 15)]), service())).toMatchObject({
      id: 99,
      rcode: 'FORMERR',
    });
    expect(reply(dns.encode({ type: 'query', id: 99, questions: [] }), service())).toMatchObject({ rcode: 'FORMERR' });
    const two = dns.encode({
      type: 'query',
      id: 99,
      questions: [
        { type: 'A', name: 'a' },
        { type: 'A', name: 'b' },
      ],
    });
    expect(reply(two, service())).toMatchObject({ rcode: 'FORMERR' });
    const update = query('a.test');
    update.writeUInt16BE(5 << 11, 2);
    expect(reply(update, service())).toMatchObject({ rcode: 'NOTIMP' });
    expect(events).toEqual([]);
  });

  it('never throws on arbitrary bytes', () => {
    const outcomes: [Question, Outcome][] = [];
    const names: NameService = { ...service(), answered: (question, outcome) => outcomes.push([question, outcome]) };
    let seed = 1;
    const random = (): number => (seed = (seed * 1103515245 + 12345) % 2 ** 31);
    for (let i = 0; i < 20_000; i++) {
      const message = Buffer.from(query('some.name.test', i % 2 === 0 ? 'A' : 'TXT'));
      for (let n = random() % 6; n >= 0; n--) message[random() % message.length] = random() & 0xff;
      reply(message.subarray(0, message.length - (random() % 8)), names);
    }
    expect(outcomes.length).toBeGreaterThan(100);
  });
});
