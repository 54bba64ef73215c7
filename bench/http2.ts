// Small requests over HTTP/2 by h2load against nghttpd: direct, through node:http2 on both sides and nothing else, and through the proxy.
//
//   npx tsx bench/http2.ts [rounds]     needs nghttp2-client and nghttp2-server
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http2 from 'node:http2';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { SyntheticNames } from '../src/proxy/names/synthetic-names.ts';
import { Proxy as SessionProxy } from '../src/proxy/proxy.ts';
import { createSessionCa } from '../src/proxy/tls/session-ca.ts';
import { median } from './measure.ts';

const NAME = 'bench.test';
const REQUESTS = 20_000;
const BULK = 100 * 2 ** 20;
const OWNER = { who: { pid: 2, parent: 1, exe: '/usr/bin/agent' }, program: { exe: '/usr/bin/agent', uid: 1000 } };

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

async function serveProxy(originPort: number, certificate: string): Promise<void> {
  const ca = createSessionCa();
  const names = new SyntheticNames();
  const address = names.addressOf(NAME, 4) ?? '';
  let events = 0;
  const proxy = new SessionProxy({
    names,
    ca: () => ca,
    decide: () => ({ effect: 'allow', policies: ['bench'], enforced: true, epoch: 1 }),
    mayConnect: () => true,
    emit: () => {
      events += 1;
    },
    who: async () => OWNER,
    upstream: {
      resolveOverrides: new Map([[NAME, { address: '127.0.0.1', port: originPort }]]),
      ca: [readFileSync(certificate, 'utf8')],
    },
    destinationOf: () => ({ address, port: 443 }),
  });
  const server = net.createServer();
  proxy.serve(server);
  process.on('message', () => process.send?.({ events }));
  process.send?.({ port: await listen(server) });
}

/** What Node's streams cost by themselves: every request goes on as it came. */
async function serveBare(originPort: number, certificate: string, key: string): Promise<void> {
  const upstream = http2.connect(`https://${NAME}`, {
    createConnection: () =>
      tls.connect({
        host: '127.0.0.1',
        port: originPort,
        servername: NAME,
        ca: readFileSync(certificate),
        ALPNProtocols: ['h2'],
      }),
    settings: { enablePush: false, initialWindowSize: 2 ** 20 },
  });
  const server = http2.createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key) });
  server.on('stream', (stream, headers) => {
    const request = upstream.request(headers, { endStream: true });
    let trailers = {};
    request.on('trailers', (received) => {
      trailers = received;
    });
    request.on('response', (answered) => {
      stream.respond(answered, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      request.pipe(stream);
    });
  });
  process.send?.({ port: await listen(server as net.Server & http2.Http2SecureServer) });
}

function makeCertificate(directory: string): { key: string; certificate: string } {
  const [key, certificate] = [path.join(directory, 'key.pem'), path.join(directory, 'certificate.pem')];
  const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate, ...subject], {
    stdio: 'ignore',
  });
  return { key, certificate };
}

async function startOrigin(
  directory: string,
): Promise<{ child: ChildProcess; port: number; certificate: string; key: string }> {
  const { key, certificate } = makeCertificate(directory);
  const documents = path.join(directory, 'documents');
  mkdirSync(documents);
  writeFileSync(path.join(documents, 'small'), JSON.stringify({ message: 'hello', padding: 'x'.repeat(64) }));
  writeFileSync(path.join(documents, 'bulk'), Buffer.alloc(BULK, 'leash'));
  const probe = net.createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const child = spawn('nghttpd', ['-a', '127.0.0.1', '-d', documents, String(port), key, certificate], {
    stdio: 'ignore',
  });
  const isUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket
        .on('error', () => resolve(false))
        .once('connect', () => {
          socket.destroy();
          resolve(true);
        });
    });
  while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 50));
  return { child, port, certificate, key };
}

/** User and system time of a process in milliseconds. Source: proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms. */
function cpuTime(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

interface Round {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly cpu: number;
  readonly latency: number;
}

/** @param load arguments of h2load besides the address. */
function h2load(port: number, pid: number | undefined, document: string, load: readonly string[]): Round {
  const cpu = cpuTime(pid);
  const begin = performance.now();
  const where = [`--connect-to=127.0.0.1:${port}`, `https://${NAME}/${document}`];
  const said = execFileSync('h2load', [...load, ...where], { encoding: 'utf8' });
  const seconds = (performance.now() - begin) / 1000;
  const [, succeeded = '0', failed = ''] = /(\d+) succeeded, (\d+) failed/.exec(said) ?? [];
  if (failed !== '0') throw new Error(`h2load: ${said}`);
  const latency = /time for request:\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)/.exec(said) ?? [];
  const unit = { us: 1, ms: 1000, s: 1_000_000 }[latency[2] ?? 'us'] ?? 1;
  return {
    perSecond: Number(succeeded) / seconds,
    cpu: cpuTime(pid) - cpu,
    latency: Number(latency[1]) * unit,
  };
}

const SMALL = ['-n', String(REQUESTS), '-c', '8', '-m', '16'];

async function main(rounds: number): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
  const children: ChildProcess[] = [];
  try {
    const origin = await startOrigin(directory);
    children.push(origin.child);
    const start = async (role: string): Promise<{ child: ChildProcess; port: number }> => {
      const child = fork(process.argv[1] ?? '', [role, String(origin.port), origin.certificate, origin.key]);
      children.push(child);
      const ready = new Promise<{ port: number }>((resolve) => child.once('message', resolve as () => void));
      return { child, port: (await ready).port };
    };
    const bare = await start('bare');
    const { child: proxy, port } = await start('proxy');
    const targets = [
      { name: 'direct', port: origin.port, pid: undefined },
      { name: 'node:http2', port: bare.port, pid: bare.child.pid },
      { name: 'leash', port, pid: proxy.pid },
    ];
    const small = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
    const bulk = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
    for (let n = 0; n <= rounds; n++) {
      for (const { name, port: at, pid } of targets) {
        const one = h2load(at, pid, 'small', SMALL);
        const two = h2load(at, pid, 'bulk', ['-n', '1', '-c', '1', '-w', '24', '-W', '24']);
        // The first round warms up.
        if (n > 0) {
          small.get(name)?.push(one);
          bulk.get(name)?.push(two);
        }
      }
    }
    const seen = await new Promise<{ events: number }>((resolve) => {
      proxy.once('message', (message) => resolve(message as { events: number }));
      proxy.send('events');
    });
    const expected = (REQUESTS + 1) * (rounds + 1);
    if (seen.events !== expected) throw new Error(`${seen.events} events for ${expected} requests`);
    report(small, bulk, rounds);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

function report(
  small: ReadonlyMap<string, readonly Round[]>,
  bulk: ReadonlyMap<string, readonly Round[]>,
  rounds: number,
): void {
  const of = (all: readonly Round[] | undefined, figure: keyof Round): number =>
    median((all ?? []).map((one) => one[figure]));
  const base = of(small.get('direct'), 'perSecond');
  const rows = [...small].map(([name, all]) => ({
    name,
    'requests/s': Math.round(of(all, 'perSecond')),
    ratio: Number((of(all, 'perSecond') / base).toFixed(2)),
    'proxy CPU µs/request': Math.round((of(all, 'cpu') * 1000) / REQUESTS),
    'mean µs': Math.round(of(all, 'latency')),
    '100 MiB: MiB/s': Math.round(of(bulk.get(name), 'perSecond') * (BULK / 2 ** 20)),
    'proxy CPU ms': Math.round(of(bulk.get(name), 'cpu')),
  }));
  console.table(rows);
  mkdirSync('bench/results', { recursive: true });
  const context = { node: process.version, cpus: os.cpus().length, rounds, load: SMALL.join(' ') };
  const all = { small: Object.fromEntries(small), bulk: Object.fromEntries(bulk) };
  writeFileSync('bench/results/http2.json', `${JSON.stringify({ ...context, rows, all }, null, 2)}\n`);
}

const [role = '', ...args] = process.argv.slice(2);
if (role === 'proxy') await serveProxy(Number(args[0]), args[1] ?? '');
else if (role === 'bare') await serveBare(Number(args[0]), args[1] ?? '', args[2] ?? '');
else await main(Number(role || 5));
