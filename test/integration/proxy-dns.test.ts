// Records other than addresses, through the proxy to a real resolver on loopback: which questions leave, and what of the answers comes back.
import { Buffer } from 'node:buffer';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import dns, { type Answer, type DecodedPacket, type RecordType } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../../src/proxy/options.ts';
import { ALLOWED, DENIED, Lab, OWNER } from './proxy-lab.ts';

const TYPED: Decision = { ...ALLOWED, policies: ['typed'] };
const HOST = 'db.example.test';

/** A resolver that knows `answers`, and remembers what it was asked. */
class Upstream {
  readonly #socket: dgram.Socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  readonly asked: string[] = [];
  answers: readonly Answer[] = [];
  rcode = 0;
  isSilent = false;

  async start(): Promise<string> {
    await once(this.#socket, 'listening');
    this.#socket.on('message', (bytes, from) => {
      const query = dns.decode(bytes);
      const [question] = query.questions ?? [];
      this.asked.push(`${question?.type} ${question?.name}`);
      if (this.isSilent) return;
      const answers = this.answers.filter(({ type }) => type === question?.type);
      const reply = dns.encode({
        type: 'response',
        id: query.id ?? 0,
        flags: dns.RECURSION_DESIRED | dns.RECURSION_AVAILABLE | this.rcode,
        questions: query.questions ?? [],
        answers: answers.map((answer) => ({ ...answer, name: question?.name ?? '' }) as Answer),
      });
      this.#socket.send(reply, from.port, from.address);
    });
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  close(): void {
    this.#socket.close();
  }
}

let lab: Lab;
let upstream: Upstream;
let resolver: dgram.Socket;
beforeEach(async () => {
  upstream = new Upstream();
  lab = new Lab({
    decide: () => TYPED,
    namesType: ({ policies }) => policies.includes('typed'),
    nameServers: [await upstream.start()],
    mayConnect: (host) => host === HOST,
  });
  resolver = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(resolver, 'listening');
  lab.proxy.serveDns(resolver);
});
afterEach(async () => {
  await lab.close();
  upstream.close();
});

function query(name: string, type: RecordType, edns?: { size: number; isDnssecWanted?: boolean }): Buffer {
  const flags = edns?.isDnssecWanted ? dns.DNSSEC_OK : 0;
  const opt = { type: 'OPT', name: '.', extendedRcode: 0, ednsVersion: 0, flags, options: [] } as const;
  return dns.encode({
    type: 'query',
    id: 4711,
    flags: dns.RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: edns === undefined ? [] : [{ ...opt, udpPayloadSize: edns.size, flag_do: flags !== 0, options: [] }],
  });
}

async function exchange(message: Buffer): Promise<Buffer> {
  const client = dgram.createSocket('udp4');
  client.send(message, resolver.address().port, '127.0.0.1');
  const [reply] = (await once(client, 'message')) as [Buffer];
  client.close();
  return reply;
}

async function ask(name: string, type: RecordType): Promise<DecodedPacket> {
  return dns.decode(await exchange(query(name, type)));
}

async function askOverTcp(message: Buffer): Promise<DecodedPacket> {
  const socket = net.connect({ host: '127.0.0.1', port: await lab.dialled({ address: '8.8.8.8', port: 53 }) });
  socket.write(Buffer.concat([Buffer.from([message.length >> 8, message.length & 255]), message]));
  let received = Buffer.alloc(0);
  while (received.length < 2 || received.length < 2 + received.readUInt16BE(0))
    received = Buffer.concat([received, ((await once(socket, 'data')) as [Buffer])[0]]);
  socket.destroy();
  return dns.decode(received.subarray(2));
}

describe('records that the policy lets be looked up by type', () => {
  it('come as the resolver has them', async () => {
    upstream.answers = [
      { type: 'TXT', name: '', data: [Buffer.from('v=1'), Buffer.from([0xff, 0, 0x41])] },
      { type: 'SRV', name: '', data: { target: 'One.Example.test', port: 5432, priority: 1, weight: 2 } },
      { type: 'MX', name: '', data: { exchange: 'mail.example.test', preference: 10 } },
      { type: 'CAA', name: '', data: { flags: 0, tag: 'issue', value: 'ca.example.test' } },
    ];
    const data = async (type: RecordType) =>
      (await ask(HOST, type)).answers?.map((answer) => 'data' in answer && answer.data);
    expect(await data('TXT')).toEqual([[Buffer.from('v=1'), Buffer.from([0xff, 0, 0x41])]]);
    expect(await data('SRV')).toEqual([{ target: 'one.example.test', port: 5432, priority: 1, weight: 2 }]);
    expect(await data('MX')).toEqual([{ exchange: 'mail.example.test', preference: 10 }]);
    expect(await data('CAA')).toMatchObject([{ tag: 'issue', value: 'ca.example.test' }]);
    expect(upstream.asked).toEqual(['TXT', 'SRV', 'MX', 'CAA'].map((type) => `${type} ${HOST}`));
    expect(lab.events[0]).toMatchObject({
      action: 'DnsResolve',
      resource: { name: HOST },
      detail: { qtype: 'TXT', answer: 'records' },
      effect: 'allow',
      policies: ['typed'],
      who: OWNER.who,
    });
  });

  it('may belong to a name that nothing connects to', async () => {
    upstream.answers = [{ type: 'SRV', name: '', data: { target: HOST, port: 1 } }];
    expect((await ask('_pg._tcp.example.test', 'SRV')).answers).toHaveLength(1);
    expect(await ask('_pg._tcp.example.test', 'A')).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  it('may be none, or the name may not exist, or the resolver may be at a loss', async () => {
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'NOERROR', answers: [] });
    upstream.rcode = 3;
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'NXDOMAIN', answers: [] });
    upstream.rcode = 2;
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
    expect(lab.events.map(({ detail }) => detail?.['answer'])).toEqual(['no-data', 'no-such-name', 'failed']);
  });

  it('name no host that is none', async () => {
    upstream.answers = [
      { type: 'MX', name: '', data: { exchange: 'a b.test', preference: 1 } },
      { type: 'MX', name: '', data: { exchange: '.', preference: 2 } },
    ];
    const reply = await ask(HOST, 'MX');
    expect(reply.answers).toMatchObject([{ data: { exchange: '.', preference: 2 } }]);
  });

  it('are none at all when they are too many', async () => {
    upstream.answers = Array.from({ length: 65 }, (_, n) => ({ type: 'TXT', name: '', data: [Buffer.from(`${n}`)] }));
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });
});

describe('a reply that is too long for a datagram', () => {
  const text = 'x'.repeat(250);
  beforeEach(() => {
    upstream.answers = Array.from({ length: 4 }, () => ({ type: 'TXT', name: '', data: [Buffer.from(text)] }));
  });

  it('is cut to nothing and says so, and comes whole over TCP, recorded with who asked', async () => {
    const cut = dns.decode(await exchange(query(HOST, 'TXT')));
    expect(cut).toMatchObject({ flag_tc: true, answers: [] });
    const whole = await askOverTcp(query(HOST, 'TXT'));
    expect(whole).toMatchObject({ flag_tc: false });
    expect(whole.answers).toHaveLength(4);
    expect(lab.events.at(-1)).toMatchObject({ detail: { answer: 'records' }, who: OWNER.who });
  });

  it('fits when the asker says so, but never more than 1232 bytes; nothing is said of DNSSEC', async () => {
    const fits = await exchange(query(HOST, 'TXT', { size: 4096, isDnssecWanted: true }));
    expect(fits.length).toBeLessThanOrEqual(1232);
    const [opt] = dns.decode(fits).additionals ?? [];
    expect(opt).toMatchObject({ type: 'OPT', udpPayloadSize: 1232, flag_do: false });
    expect(dns.decode(fits).answers).toHaveLength(4);
    upstream.answers = [...upstream.answers, ...upstream.answers];
    expect(dns.decode(await exchange(query(HOST, 'TXT', { size: 4096 })))).toMatchObject({ flag_tc: true });
    expect(dns.decode(await exchange(query(HOST, 'TXT', { size: 1 })))).toMatchObject({ flag_tc: true });
  });
});

describe('no question leaves', () => {
  it('when the permit says nothing of the type', async () => {
    lab.decide = () => ALLOWED;
    for (const type of ['TXT', 'SRV', 'MX', 'CAA'] as const)
      expect(await ask(HOST, type)).toMatchObject({ rcode: 'NOERROR', answers: [] });
    expect(await ask('stolen-data.example.test', 'TXT')).toMatchObject({ rcode: 'NXDOMAIN' });
    expect(upstream.asked).toEqual([]);
  });

  it('for a name that is denied', async () => {
    lab.decide = () => DENIED;
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'NXDOMAIN' });
    expect(upstream.asked).toEqual([]);
  });

  it('of a type that is not on the list, whatever the policy says', async () => {
    upstream.answers = [{ type: 'CNAME', name: '', data: 'x.test' }];
    for (const type of [
      'HTTPS',
      'SVCB',
      'ANY',
      'NULL',
      'AXFR',
      'IXFR',
      'CNAME',
      'NS',
      'SOA',
      'NAPTR',
      'DS',
      'TLSA',
      'SSHFP',
    ])
      expect(await ask(HOST, type as RecordType)).toMatchObject({ rcode: 'NOERROR', answers: [] });
    expect(upstream.asked).toEqual([]);
  });

  it('of another class', async () => {
    const message = query('version.bind', 'TXT');
    message.writeUInt16BE(3, message.length - 2);
    expect(dns.decode(await exchange(message))).toMatchObject({ rcode: 'NOTIMP' });
    expect(upstream.asked).toEqual([]);
  });

  it('of addresses: they are synthetic', async () => {
    expect((await ask(HOST, 'A')).answers).toMatchObject([{ data: '198.18.1.0' }]);
    expect(upstream.asked).toEqual([]);
  });

  it('more often than 120 times a minute', async () => {
    for (let n = 0; n < 125; n++) await ask(`q${n}.example.test`, 'TXT');
    expect(upstream.asked).toHaveLength(120);
    expect(await ask(HOST, 'TXT')).toMatchObject({ rcode: 'SERVFAIL' });
  });

  it('more than 32 at a time', async () => {
    upstream.isSilent = true;
    const clients = Array.from({ length: 60 }, () => dgram.createSocket('udp4'));
    const replies = clients.map((client) => once(client, 'message') as Promise<[Buffer]>);
    for (const [n, client] of clients.entries())
      client.send(query(`q${n}.example.test`, 'TXT'), resolver.address().port, '127.0.0.1');
    const first = await Promise.race(replies);
    expect(dns.decode(first[0])).toMatchObject({ rcode: 'SERVFAIL' });
    await expect.poll(() => new Set(upstream.asked).size).toBe(32);
    for (const reply of replies) reply.catch(() => undefined);
    for (const client of clients) client.close();
  });
});

describe('PTR', () => {
  it('of an address that a name was given has that name, if the policy says so', async () => {
    await ask(HOST, 'A');
    expect((await ask('0.1.18.198.in-addr.arpa', 'PTR')).answers).toMatchObject([{ type: 'PTR', data: HOST }]);
    const v6 = `fd6c65617368${'0'.repeat(16)}0100`;
    expect((await ask(`${[...v6].reverse().join('.')}.ip6.arpa`, 'PTR')).answers).toMatchObject([{ data: HOST }]);
    expect((await ask('1.0.0.127.in-addr.arpa', 'PTR')).answers).toMatchObject([{ data: 'localhost' }]);
    expect(lab.events[1]).toMatchObject({ resource: { name: HOST }, detail: { qtype: 'PTR', answer: 'name' } });
    lab.decide = (request) => (request.action === 'DnsResolve' ? DENIED : ALLOWED);
    expect(await ask('0.1.18.198.in-addr.arpa', 'PTR')).toMatchObject({ rcode: 'NXDOMAIN' });
  });

  it.each(['8.8.8.8.in-addr.arpa', '9.9.18.198.in-addr.arpa', '1.168.192.in-addr.arpa', '1.0.ip6.arpa'])(
    'of %s has none',
    async (name) => {
      lab.decide = () => ALLOWED;
      expect(await ask(name, 'PTR')).toMatchObject({ rcode: 'NXDOMAIN' });
      expect(upstream.asked).toEqual([]);
    },
  );
});

it('100,000 questions are answered in bounded memory', async () => {
  const before = process.memoryUsage().rss;
  lab.decide = () => DENIED;
  const client = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(client, 'listening');
  let answered = 0;
  client.on('message', () => {
    answered += 1;
  });
  let sent = 0;
  while (answered < 100_000) {
    if (sent - answered < 100 && sent < 110_000)
      client.send(query(`${'a'.repeat(40)}${sent++}.test`, 'A'), resolver.address().port, '127.0.0.1');
    else await new Promise((resolve) => setImmediate(resolve));
    lab.events.length = 0;
  }
  client.close();
  expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
}, 120_000);
