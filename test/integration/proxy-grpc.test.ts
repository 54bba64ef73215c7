// gRPC through the proxy with the client and server that programs use: unary and streaming calls, statuses, metadata, refusals.
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  type ChannelCredentials,
  type Client,
  credentials,
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { ALLOWED, DENIED, Lab, type LabOptions } from './proxy-lab.ts';

const NAME = 'grpc.example.test';

function method(name: string, requestStream: boolean, responseStream: boolean): ServiceDefinition[string] {
  const same = (value: Buffer): Buffer => value;
  return {
    path: `/test.Echo/${name}`,
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

const SERVICE: ServiceDefinition = {
  unary: method('Unary', false, false),
  fail: method('Fail', false, false),
  list: method('List', false, true),
  chat: method('Chat', true, true),
};

const unary: handleUnaryCall<Buffer, Buffer> = (call, done) => {
  const trailers = new Metadata();
  trailers.set('x-seen', String(call.metadata.get('x-sent')[0]));
  trailers.set('x-bytes-bin', Buffer.from([0, 255]));
  done(null, call.request, trailers);
};
const fail: handleUnaryCall<Buffer, Buffer> = (_call, done) =>
  done({ code: status.NOT_FOUND, details: 'none of that — sorry' });
const list: handleServerStreamingCall<Buffer, Buffer> = (call) => {
  for (let n = 0; n < 500; n++) call.write(Buffer.alloc(1000, n));
  call.end();
};
const chat: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
  call.on('data', (message: Buffer) => call.write(Buffer.concat([Buffer.from('re: '), message])));
  call.on('end', () => call.end());
};

let lab: Lab | undefined;
let server: Server | undefined;
let client: Client | undefined;
afterEach(async () => {
  client?.close();
  server?.forceShutdown();
  await lab?.close();
});

interface Calls {
  unary(
    message: Buffer,
    metadata: Metadata,
    done: (error: ServiceError | null, reply?: Buffer) => void,
  ): NodeJS.EventEmitter;
  fail(message: Buffer, done: (error: ServiceError | null) => void): void;
  list(message: Buffer): NodeJS.ReadableStream & { cancel(): void };
  chat(): NodeJS.ReadWriteStream;
}

async function calls(isSecure: boolean, options: LabOptions = {}): Promise<Calls> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'leash-grpc-'));
  const [key, certificate] = [path.join(directory, 'key.pem'), path.join(directory, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate, ...subject], {
    stdio: 'ignore',
  });
  const pair = { private_key: readFileSync(key), cert_chain: readFileSync(certificate) };
  rmSync(directory, { recursive: true });
  const made = new Lab({ ...options, upstream: { ca: [pair.cert_chain.toString()] } });
  lab = made;
  const serving = new Server();
  server = serving;
  serving.addService(SERVICE, { unary, fail, list, chat });
  const how = isSecure ? ServerCredentials.createSsl(null, [pair]) : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    serving.bindAsync('127.0.0.1:0', how, (error, bound) => (error === null ? resolve(bound) : reject(error))),
  );
  const dialled = isSecure ? 443 : 80;
  made.overrides.set(`${NAME}:${dialled}`, { address: '127.0.0.1', port });
  const trust: ChannelCredentials = isSecure
    ? credentials.createSsl(Buffer.from(made.sessionCa.certificatePem))
    : credentials.createInsecure();
  const Constructor = makeGenericClientConstructor(SERVICE, 'Echo');
  client = new Constructor(`127.0.0.1:${await made.dialledName(NAME, dialled)}`, trust, {
    'grpc.ssl_target_name_override': NAME,
    'grpc.default_authority': NAME,
    'grpc.enable_http_proxy': 0,
  });
  return client as Client & Calls;
}

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as unknown as Buffer);
  return parts;
}

describe.each([
  ['over TLS', true],
  ['in cleartext', false],
])('%s', (_how, isSecure) => {
  it('unary calls, with metadata both ways', async () => {
    const echo = await calls(isSecure);
    const metadata = new Metadata();
    metadata.set('x-sent', 'word');
    let trailers: Metadata | undefined;
    const reply = await new Promise<Buffer | undefined>((resolve, reject) => {
      const call = echo.unary(Buffer.from('hello'), metadata, (error, answer) =>
        error ? reject(error) : resolve(answer),
      );
      call.on('status', (ended: { metadata: Metadata }) => {
        trailers = ended.metadata;
      });
    });
    expect(reply?.toString()).toBe('hello');
    expect(trailers?.get('x-seen')).toEqual(['word']);
    expect(trailers?.get('x-bytes-bin')).toEqual([Buffer.from([0, 255])]);
    expect(await lab?.event(({ action }) => action === 'HttpRequest')).toMatchObject({
      effect: 'allow',
      detail: {
        method: 'POST',
        path: '/test.Echo/Unary',
        status: 200,
        grpc_status: 0,
        scheme: isSecure ? 'https' : 'http',
      },
    });
  });

  it('a failure keeps its code and its words', async () => {
    const echo = await calls(isSecure);
    const error = await new Promise<ServiceError | null>((resolve) => echo.fail(Buffer.from('x'), resolve));
    expect(error).toMatchObject({ code: status.NOT_FOUND, details: 'none of that — sorry' });
    expect((await lab?.event(({ action }) => action === 'HttpRequest'))?.detail).toMatchObject({ grpc_status: 5 });
  });

  it('streams of the server and of both', async () => {
    const echo = await calls(isSecure);
    const parts = await collect(echo.list(Buffer.from('x')));
    expect(parts.map((part) => part[0])).toEqual(Array.from({ length: 500 }, (_, n) => n % 256));
    const talk = echo.chat();
    const answers: string[] = [];
    for (const word of ['one', 'two', 'three']) {
      const answer = new Promise<Buffer>((resolve) => talk.once('data', resolve));
      talk.write(Buffer.from(word) as never);
      answers.push((await answer).toString());
    }
    talk.end();
    await new Promise((resolve) => talk.once('end', resolve));
    expect(answers).toEqual(['re: one', 're: two', 're: three']);
  });

  it('a refused call is PERMISSION_DENIED, with the reason', async () => {
    const echo = await calls(isSecure, {
      decide: (request) => (request.action === 'HttpRequest' && request.path.endsWith('/Fail') ? DENIED : ALLOWED),
    });
    const error = await new Promise<ServiceError | null>((resolve) => echo.fail(Buffer.from('x'), resolve));
    expect(error).toMatchObject({ code: status.PERMISSION_DENIED });
    expect(error?.details).toContain('is not permitted: not for agents');
  });

  it('a server that cannot be reached is UNAVAILABLE', async () => {
    const echo = await calls(isSecure);
    lab?.overrides.set(`${NAME}:${isSecure ? 443 : 80}`, { address: '127.0.0.1', port: 1 });
    const error = await new Promise<ServiceError | null>((resolve) => echo.fail(Buffer.from('x'), resolve));
    expect(error).toMatchObject({ code: status.UNAVAILABLE });
    expect(error?.details).toContain('refused the connection');
  });
});
