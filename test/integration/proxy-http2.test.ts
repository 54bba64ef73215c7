import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { constants } from 'node:http2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, connect, echo, http2Origin } from './proxy-http2-lab.ts';
import { ALLOWED, DENIED, Lab } from './proxy-lab.ts';

const NAME = 'api.example.test';
let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});
afterEach(async () => await lab.close());

const port = (): Promise<number> => lab.dialledName(NAME, 443);

describe('verdicts', () => {
  it('each stream is judged: a refused one gets 403, and the others go on', async () => {
    lab.decide = (request) =>
      request.action === 'HttpRequest' && request.path.startsWith('/admin') ? DENIED : ALLOWED;
    await http2Origin(lab, NAME, echo);
    const session = connect(lab, await port(), NAME);
    const [refused, served, uploaded] = await Promise.all([
      ask(session, { ':path': '/admin?key=secret', accept: 'application/json' }),
      ask(session, { ':path': '/ok' }),
      ask(session, { ':path': '/admin', ':method': 'POST' }, { body: Buffer.alloc(2 << 20) }),
    ]);
    expect(refused.status).toBe(403);
    expect(refused.headers['x-leash-policy']).toBe('no-secrets; reason="not for agents"');
    expect(JSON.parse(refused.body.toString())).toMatchObject({ status: 403, policies: ['no-secrets'] });
    expect(served.status).toBe(200);
    expect(uploaded.status).toBe(403);
    expect(uploaded.body.toString()).toContain(`POST https://${NAME}:443/admin is not permitted: not for agents`);
    expect((await ask(session, { ':path': '/again' })).status).toBe(200);
    session.close();
    const denied = lab.events.filter(({ effect }) => effect === 'deny');
    expect(denied).toHaveLength(2);
    expect(denied[0]).toMatchObject({
      enforced: true,
      policies: ['no-secrets'],
      detail: { status: 403, path: '/admin' },
    });
  });

  it('HEAD is refused without a body', async () => {
    lab.decide = ({ action }) => (action === 'HttpRequest' ? DENIED : ALLOWED);
    await http2Origin(lab, NAME, echo);
    expect(await lab.curl(await port(), ['-I', `https://${NAME}/`])).toMatch(
      /^HTTP\/2 403 [\s\S]*content-length: [1-9]/,
    );
  });

  it('gRPC is refused in its own words', async () => {
    lab.decide = ({ action }) => (action === 'HttpRequest' ? DENIED : ALLOWED);
    await http2Origin(lab, NAME, echo);
    const session = connect(lab, await port(), NAME);
    const head = {
      ':path': '/pkg.Service/Method',
      ':method': 'POST',
      'content-type': 'application/grpc+proto',
      te: 'trailers',
    };
    const answer = await ask(session, head, { body: Buffer.from([0, 0, 0, 0, 0]) });
    expect(answer.headers).toMatchObject({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '7' });
    expect(decodeURIComponent(String(answer.headers['grpc-message']))).toContain('is not permitted: not for agents');
    session.close();
    expect(lab.events).toMatchObject([{ effect: 'deny', detail: { status: 200, grpc_status: 7 } }]);
  });

  it('lets a refused request pass when the mode does not enforce, and records the deny', async () => {
    lab.decide = () => ({ ...DENIED, enforced: false });
    await http2Origin(lab, NAME, echo);
    expect(await lab.curl(await port(), ['-i', `https://${NAME}/`])).toMatch(/^HTTP\/2 200 /);
    expect((await lab.event(({ action }) => action === 'HttpRequest')).enforced).toBe(false);
  });
});

describe('messages', () => {
  it('carries 20 MB up and down unharmed', async () => {
    const body = Buffer.alloc(20 << 20, 'leash-');
    await http2Origin(lab, NAME, (stream, headers) => {
      if (headers[':method'] !== 'GET') return echo(stream, headers);
      stream.respond({ ':status': 200 });
      stream.end(body);
    });
    const down = await lab.curl(await port(), [`https://${NAME}/big`]);
    expect(Buffer.from(down, 'latin1').equals(body)).toBe(true);
    const file = `${lab.directory}/body`;
    writeFileSync(file, body);
    const up = await lab.curl(await port(), ['--data-binary', `@${file}`, `https://${NAME}/up`]);
    const hash = createHash('sha256').update(body).digest('hex');
    expect(JSON.parse(up)).toMatchObject({ size: body.length, hash });
    await lab.event(({ detail }) => detail?.['method'] === 'POST');
    expect(lab.events.map(({ detail }) => [detail?.['bytes_in'], detail?.['bytes_out']])).toEqual([
      [body.length, 0],
      [up.length, body.length],
    ]);
  });

  it('interim responses, trailers both ways, repeated fields and cookies arrive', async () => {
    await http2Origin(lab, NAME, (stream, headers) => {
      let trailers = {};
      stream.on('trailers', (received) => {
        trailers = { ...received };
      });
      stream.additionalHeaders({ ':status': 103, link: '</a.css>; rel=preload' });
      stream.on('end', () => {
        stream.respond(
          { ':status': 200, 'set-cookie': ['a=1', 'b=2'], 'x-twice': ['1', '2'] },
          { waitForTrailers: true },
        );
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-sum': 'abc' }));
        stream.end(JSON.stringify({ headers, trailers }));
      });
      stream.resume();
    });
    const session = connect(lab, await port(), NAME);
    const head = { ':path': '/', ':method': 'POST', cookie: ['a=1', 'b=2'], 'x-a': ['1', '2'], te: 'trailers' };
    const answer = await ask(session, head, { body: 'x', trailers: { 'x-request-sum': '1' } });
    session.close();
    expect(answer).toMatchObject({
      status: 200,
      interim: [103],
      headers: { 'set-cookie': ['a=1', 'b=2'], 'x-twice': '1, 2' },
      trailers: { 'grpc-status': '0', 'x-sum': 'abc' },
    });
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      headers: { cookie: 'a=1; b=2', 'x-a': '1, 2', te: 'trailers' },
      trailers: { 'x-request-sum': '1' },
    });
    expect((await lab.event(({ action }) => action === 'HttpRequest')).detail).toMatchObject({ grpc_status: 0 });
  });

  it('a message that waits for 100 gets it from the server', async () => {
    await http2Origin(lab, NAME, (stream, headers) => {
      stream.additionalHeaders({ ':status': 100 });
      echo(stream, headers);
    });
    const answer = await lab.curl(await port(), ['-H', 'Expect: 100-continue', '-d', 'hello', `https://${NAME}/`]);
    expect(JSON.parse(answer)).toMatchObject({ size: 5, headers: { expect: '100-continue' } });
  });

  it('events of a stream that never ends arrive as they are sent', async () => {
    await http2Origin(lab, NAME, (stream) => {
      stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
      stream.write('data: one\n\n');
      stream.on('close', () => {});
    });
    const session = connect(lab, await port(), NAME);
    const stream = session.request({ ':path': '/events' });
    const first = await new Promise<Buffer>((resolve) => stream.once('data', resolve));
    expect(first.toString()).toBe('data: one\n\n');
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await lab.event(({ action }) => action === 'HttpRequest')).toMatchObject({
      error: 'ECONNABORTED',
      detail: { status: 200, bytes_in: 11 },
    });
    session.destroy();
  });

  it('an answer before the end of the request ends the upload', async () => {
    await http2Origin(lab, NAME, (stream) => {
      stream.respond({ ':status': 413 });
      stream.end('too much');
    });
    const session = connect(lab, await port(), NAME);
    const stream = session.request({ ':path': '/', ':method': 'POST' }, { endStream: false });
    stream.on('error', () => {});
    let body = '';
    let status: unknown;
    stream.on('response', (headers) => {
      status = headers[':status'];
    });
    stream.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    stream.write(Buffer.alloc(1000));
    await new Promise((resolve) => stream.once('close', resolve));
    expect([status, body, stream.rstCode]).toEqual([413, 'too much', constants.NGHTTP2_NO_ERROR]);
    session.destroy();
  });
});
