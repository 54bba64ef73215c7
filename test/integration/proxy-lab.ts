// A proxy between real sockets: what the agent dials and what answers enter, the ports to connect to and the events leave.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import type { Broker } from '../../src/proxy/exchange/passage.ts';
import { SyntheticNames } from '../../src/proxy/names/synthetic-names.ts';
import type {
  Attribution,
  Decision,
  Destination,
  Override,
  ProxyOptions,
  Timeouts,
  UpstreamOptions,
} from '../../src/proxy/options.ts';
import { Proxy as SessionProxy } from '../../src/proxy/proxy.ts';
import { createSessionCa, type SessionCa } from '../../src/proxy/tls/session-ca.ts';
import type { Event } from '../../src/schema/event.ts';
import type { Request } from '../../src/schema/request.ts';

const run = promisify(execFile);

export const ALLOWED: Decision = { effect: 'allow', policies: ['allow-all'], enforced: true, epoch: 1 };
export const DENIED: Decision = {
  effect: 'deny',
  policies: ['no-secrets'],
  reason: 'not for agents',
  enforced: true,
  epoch: 1,
};

export const OWNER: Attribution = {
  who: { pid: 7, parent: 1, exe: '/usr/bin/curl' },
  program: { exe: '/usr/bin/curl', uid: 1000 },
};

export async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

export interface LabOptions {
  decide?: (request: Request) => Decision;
  overrides?: ReadonlyMap<string, Override>;
  lookup?: NonNullable<ProxyOptions['upstream']['lookup']>;
  mayConnect?: (host: string) => boolean;
  who?: ProxyOptions['who'];
  timeouts?: Timeouts;
  ask?: NonNullable<ProxyOptions['ask']>;
  sender?: NonNullable<ProxyOptions['sender']>;
  answers?: NonNullable<ProxyOptions['answers']>;
  namesType?: NonNullable<ProxyOptions['namesType']>;
  nameServers?: readonly string[];
  namesTransport?: NonNullable<ProxyOptions['namesTransport']>;
  /** Roots to trust beside the lab's, parent proxies. */
  upstream?: Partial<UpstreamOptions>;
  splices?: NonNullable<ProxyOptions['splices']>;
  brokers?: readonly Broker[];
  /** Whether the policy looks at paths and methods; not so when absent. */
  reads?: { readonly path: boolean; readonly method: boolean };
}

/** One proxy, one origin authority the proxy trusts, and listeners that each stand for one dialled destination. */
export class Lab {
  readonly events: Event[] = [];
  /** What a person was told of clients that do not accept the session's certificate. */
  readonly rejections: string[] = [];
  readonly names: SyntheticNames = new SyntheticNames();
  readonly sessionCa: SessionCa = createSessionCa();
  readonly originCa: SessionCa = createSessionCa();
  readonly proxy: SessionProxy;
  readonly directory: string = mkdtempSync(path.join(os.tmpdir(), 'leash-proxy-'));
  readonly caFile: string = path.join(this.directory, 'ca.pem');
  decide: (request: Request) => Decision;
  splices: NonNullable<ProxyOptions['splices']>;
  readonly overrides: Map<string, Override>;
  readonly #destinations: Map<number, Destination> = new Map();
  readonly #servers: net.Server[] = [];
  readonly #sockets: Set<net.Socket> = new Set();

  constructor(options: LabOptions = {}) {
    this.decide = options.decide ?? (() => ALLOWED);
    this.splices = options.splices ?? (() => false);
    this.overrides = new Map(options.overrides);
    writeFileSync(this.caFile, this.sessionCa.certificatePem);
    this.proxy = new SessionProxy({
      names: this.names,
      ca: () => this.sessionCa,
      decide: (request) => this.decide(request),
      mayConnect: options.mayConnect ?? (() => true),
      emit: (event) => this.events.push(event),
      splices: (request) => this.splices(request),
      certificateRejected: (host, port, remedy) => this.rejections.push(`${host}:${port} ${remedy}`),
      who: options.who ?? (async () => OWNER),
      sender: options.sender ?? (() => OWNER),
      ...(options.answers === undefined ? {} : { answers: options.answers }),
      ...(options.namesType === undefined ? {} : { namesType: options.namesType }),
      ...(options.namesTransport === undefined ? {} : { namesTransport: options.namesTransport }),
      brokers: async () => options.brokers ?? [],
      ...(options.ask === undefined ? {} : { ask: options.ask }),
      readsPath: () => options.reads?.path ?? false,
      readsMethod: () => options.reads?.method ?? false,
      upstream: {
        resolveOverrides: this.overrides,
        ...options.upstream,
        ca: [this.originCa.certificatePem, ...(options.upstream?.ca ?? [])],
        ...(options.lookup === undefined ? {} : { lookup: options.lookup }),
        ...(options.nameServers === undefined ? {} : { nameServers: options.nameServers }),
        ...(options.timeouts === undefined ? {} : { timeouts: options.timeouts }),
      },
      destinationOf: (socket) => this.#destinations.get(socket.localPort ?? 0) ?? { address: '0.0.0.0', port: 0 },
    });
  }

  /** A local port on which the proxy believes `destination` was dialled. */
  async dialled(destination: Destination): Promise<number> {
    const server = net.createServer();
    this.proxy.serve(server);
    const port = await listen(server);
    this.#destinations.set(port, destination);
    return port;
  }

  /** As `dialled`, for the synthetic address of a name. */
  async dialledName(name: string, port: number): Promise<number> {
    return await this.dialled({ address: this.names.addressOf(name, 4) ?? '', port });
  }

  /** An upstream server, closed with the lab; `name:port` leads to it. */
  async upstream<Server extends net.Server>(server: Server, name: string, port: number): Promise<Server> {
    server.on('connection', (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
    });
    this.#servers.push(server);
    this.overrides.set(`${name}:${port}`, { address: '127.0.0.1', port: await listen(server) });
    return server;
  }

  /** An HTTPS origin with a certificate for `name` from the authority the proxy trusts. */
  async httpsOrigin(name: string, handler: http.RequestListener, port = 443): Promise<https.Server> {
    const server = https.createServer(
      { SNICallback: (_name, done) => done(null, this.originCa.contextFor(name)) },
      handler,
    );
    return await this.upstream(server, name, port);
  }

  async httpOrigin(name: string, handler: http.RequestListener, port = 80): Promise<http.Server> {
    return await this.upstream(http.createServer(handler), name, port);
  }

  /** Runs curl with the session's authority; `target` of each URL is redirected to the given local port. */
  async curl(localPort: number, args: readonly string[]): Promise<string> {
    const common = [
      '-sS',
      '--max-time',
      '20',
      '--noproxy',
      '*',
      '--cacert',
      this.caFile,
      '--connect-to',
      `::127.0.0.1:${localPort}`,
    ];
    const { stdout } = await run('curl', [...common, ...args], { maxBuffer: 64 << 20, encoding: 'latin1' });
    return stdout;
  }

  /** Speaks raw bytes to a port, in TLS when a server name is given; resolves with all that came back before the close. */
  async speak(localPort: number, parts: readonly string[], serverName?: string): Promise<string> {
    const options = { host: '127.0.0.1', port: localPort };
    const socket =
      serverName === undefined
        ? net.connect(options)
        : tls.connect({
            ...options,
            servername: serverName,
            ca: this.sessionCa.certificatePem,
            ALPNProtocols: ['http/1.1'],
          });
    this.#sockets.add(socket);
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
    for (const part of parts) {
      socket.write(part, 'latin1');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await closed;
    this.#sockets.delete(socket);
    return answer;
  }

  /** Resolves once an event satisfies the condition; the test's own time-out is the limit. */
  async event(matches: (event: Event) => boolean): Promise<Event> {
    for (;;) {
      const found = this.events.find(matches);
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Ends every connection that an upstream server accepted. */
  dropUpstreams(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    await this.proxy.close();
    this.dropUpstreams();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(this.directory, { recursive: true });
  }
}

/** Status codes of the responses in raw bytes. */
export function statuses(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
}

/** Answers with what was asked, and size and hash of the body. */
export function echo(request: http.IncomingMessage, response: http.ServerResponse): void {
  const hash = createHash('sha256');
  let size = 0;
  request.on('data', (bytes: Buffer) => {
    hash.update(bytes);
    size += bytes.length;
  });
  request.on('end', () => {
    const seen = { method: request.method, url: request.url, headers: request.headers, trailers: request.trailers };
    response.setHeader('Alt-Svc', 'h3=":443"');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ ...seen, size, hash: hash.digest('hex') }));
  });
}
