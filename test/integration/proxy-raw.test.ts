// Protocols other than HTTP, and DNS, over real sockets: relayed by name with their bytes counted, resolved to synthetic addresses.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import dns, { type DecodedPacket } from 'dns-packet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, DENIED, Lab } from './proxy-lab.ts';

let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

async function readUntil(socket: net.Socket, text: string): Promise<string> {
  let received = '';
  while (!received.includes(text)) received += ((await once(socket, 'data')) as [Buffer])[0].toString('latin1');
  return received;
}

describe('raw relay', () => {
  it('relays a protocol whose server speaks first', async () => {
    await lab.upstream(
      net.createServer((socket) => {
        socket.write('220 ready\r\n');
        socket.on('data', (bytes) => socket.end(`250 ${bytes.toString()}`));
      }),
      'mail.example.test',
      25,
    );
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName('mail.example.test', 25) });
    expect(await readUntil(client, '\r\n')).toBe('220 ready\r\n');
    client.write('EHLO x\r\n');
    expect(await readUntil(client, '\r\n')).toBe('250 EHLO x\r\n');
    client.end();
    expect(await lab.event(({ detail }) => detail?.['bytes_in'] !== undefined)).toMatchObject({
      action: 'NetConnect',
      resource: { name: 'mail.example.test' },
      detail: { port: 25, bytes_in: 11 + 12, bytes_out: 8 },
      effect: 'allow',
    });
  });

  it('relays a protocol whose client speaks first, with half-close', async () => {
    await lab.upstream(
      net.createServer({ allowHalfOpen: true }, (socket) => {
        const parts: Buffer[] = [];
        socket.on('data', (bytes) => parts.push(bytes));
        socket.on('end', () => socket.end(Buffer.concat(parts)));
      }),
      'db.example.test',
      5432,
    );
    const client = net.connect({
      host: '127.0.0.1',
      port: await lab.dialledName('db.example.test', 5432),
      allowHalfOpen: true,
    });
    const sent = Buffer.alloc(5 << 20, '\0\x03user');
    client.end(sent);
    const parts: Buffer[] = [];
    client.on('data', (bytes) => parts.push(bytes));
    await once(client, 'end');
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    expect(await lab.event(() => true)).toMatchObject({ detail: { bytes_in: sent.length, bytes_out: sent.length } });
  });

  it('records an upstream that cannot be reached', async () => {
    const probe = net.createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as net.AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    lab.overrides.set('gone.test', { address: '127.0.0.1', port });
    expect(await lab.speak(await lab.dialledName('gone.test', 22), ['SSH-2.0-test\r\n'])).toBe('');
    expect(await lab.event(() => true)).toMatchObject({
      effect: 'allow',
      error: 'ECONNREFUSED',
      resource: { name: 'gone.test' },
    });
  });

  it('ends a relayed connection that a new policy does not permit', async () => {
    await lab.upstream(
      net.createServer((socket) => socket.write('hello\n')),
      'chat.test',
      6667,
    );
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName('chat.test', 6667) });
    client.on('error', () => {});
    await readUntil(client, 'hello');
    lab.decide = () => DENIED;
    const closed = new Promise((resolve) => client.on('close', resolve));
    lab.proxy.rejudge();
    await closed;
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      action: 'NetConnect',
      policies: ['no-secrets'],
    });
  });
});

describe('bytes that are not HTTP where HTTP is spoken', () => {
  it.each([80, 443])('do not pass on port %i', async (port) => {
    let connections = 0;
    await lab.upstream(
      net.createServer(() => {
        connections += 1;
      }),
      'odd.test',
      port,
    );
    expect(await lab.speak(await lab.dialledName('odd.test', port), ['SSH-2.0-odd\r\n'])).toBe('');
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      action: 'NetConnect',
      resource: { name: 'odd.test' },
      reason: expect.stringMatching(/context\.protocol == "tcp"/) as string,
      error: 'ECONNRESET',
    });
    expect(connections).toBe(0);
  });

  it('nor does a server there speak first', async () => {
    await lab.close();
    lab = new Lab({ timeouts: { firstBytes: 500 } });
    await lab.upstream(
      net.createServer((socket) => socket.write('220 ready\r\n')),
      'odd.test',
      80,
    );
    expect(await lab.speak(await lab.dialledName('odd.test', 80), [])).toBe('');
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({ action: 'NetConnect' });
  });

  it.each([80, 443])('pass on port %i where a permit speaks of the transport', async (port) => {
    await lab.close();
    lab = new Lab({ namesTransport: ({ policies }) => policies.includes('allow-all') });
    await lab.upstream(
      net.createServer((socket) => {
        socket.write('SSH-2.0-server\r\n');
        socket.on('data', (bytes) => socket.end(`re: ${bytes.toString()}`));
      }),
      'ssh.test',
      port,
    );
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName('ssh.test', port) });
    expect(await readUntil(client, '\n')).toBe('SSH-2.0-server\r\n');
    client.write('SSH-2.0-client\r\n');
    expect(await readUntil(client, '\n')).toBe('re: SSH-2.0-client\r\n');
    client.destroy();
  });

  it.each([
    ['a response', 'HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n'],
    ['HTTP/2', '\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0'],
  ])('a server that begins with %s opens no way for requests that are not judged', async (_what, greeting) => {
    const requests: string[] = [];
    await lab.upstream(
      net.createServer((socket) => {
        socket.write(greeting, 'latin1');
        socket.on('data', (bytes) => requests.push(bytes.toString()));
      }),
      'grpc.test',
      50_051,
    );
    const client = net.connect({ host: '127.0.0.1', port: await lab.dialledName('grpc.test', 50_051) });
    client.on('error', () => undefined).resume();
    await new Promise((resolve) => client.on('close', resolve));
    expect(client.bytesRead).toBe(0);
    expect(requests).toEqual([]);
    expect(await lab.event(({ effect }) => effect === 'deny')).toMatchObject({
      reason: expect.stringMatching(/before it was asked/) as string,
    });
  });
});

describe('DNS', () => {
  let resolver: dgram.Socket;
  beforeEach(async () => {
    resolver = dgram.createSocket('udp4');
    await new Promise<void>((resolve) => resolver.bind(0, '127.0.0.1', resolve));
    lab.proxy.serveDns(resolver);
  });

  async function ask(message: Buffer): Promise<DecodedPacket> {
    const client = dgram.createSocket('udp4');
    client.send(message, resolver.address().port, '127.0.0.1');
    const [reply] = (await once(client, 'message')) as [Buffer];
    client.close();
    return dns.decode(reply);
  }
  const query = (name: string, type: dns.RecordType): Buffer =>
    dns.encode({ type: 'query', id: 4711, flags: dns.RECURSION_DESIRED, questions: [{ type, name }] });

  it('answers over UDP with addresses that lead back to the name, and records each question', async () => {
    const reply = await ask(query('Git.Example.test', 'A'));
    expect(reply).toMatchObject({
      id: 4711,
      questions: [{ name: 'Git.Example.test' }],
      answers: [{ type: 'A', data: '198.18.1.0' }],
    });
    expect(lab.names.nameOf('198.18.1.0')).toBe('git.example.test');
    expect((await ask(query('git.example.test', 'AAAA'))).answers).toMatchObject([{ data: 'fd6c:6561:7368::100' }]);
    expect(lab.events).toMatchObject([
      {
        action: 'DnsResolve',
        resource: { name: 'git.example.test' },
        detail: { qtype: 'A', answer: 'address' },
        effect: 'allow',
        who: { exe: '/usr/bin/curl' },
      },
      { action: 'DnsResolve', detail: { qtype: 'AAAA' } },
    ]);
  });

  it('survives junk', async () => {
    for (const junk of [Buffer.alloc(0), Buffer.alloc(5), Buffer.alloc(600, 0xff)])
      resolver.emit('message', junk, { address: '127.0.0.1', port: 9, family: 'IPv4', size: junk.length });
    expect((await ask(query('a.test', 'A'))).answers).toHaveLength(1);
  });

  it('answers over TCP to port 53, whatever resolver was dialled', async () => {
    lab.decide = (request) =>
      request.resource.type === 'host' && request.resource.name === 'no.test' ? DENIED : ALLOWED;
    const socket = net.connect({ host: '127.0.0.1', port: await lab.dialled({ address: '8.8.8.8', port: 53 }) });
    const messages = ['yes.test', 'no.test']
      .map((name) => query(name, 'A'))
      .flatMap((message) => [Buffer.from([0, message.length]), message]);
    for (const byte of Buffer.concat(messages)) socket.write(Buffer.of(byte));
    let received = Buffer.alloc(0);
    const replies: DecodedPacket[] = [];
    while (replies.length < 2) {
      received = Buffer.concat([received, ((await once(socket, 'data')) as [Buffer])[0]]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        replies.push(dns.decode(received.subarray(2, 2 + received.readUInt16BE(0))));
        received = received.subarray(2 + received.readUInt16BE(0));
      }
    }
    socket.destroy();
    expect(replies).toMatchObject([{ rcode: 'NOERROR' }, { rcode: 'NXDOMAIN', answers: [] }]);
    expect(lab.events).toMatchObject([{ effect: 'allow' }, { effect: 'deny', policies: ['no-secrets'] }]);
  });
});
