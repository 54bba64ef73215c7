// Small HTTPS requests over kept connections: direct, through the proxy, and through mitmdump; interleaved rounds, medians, one table.
//
//   npx tsx bench/proxy.ts [rounds]
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { SyntheticNames } from '../src/proxy/names/synthetic-names.ts';
import { Proxy as SessionProxy } from '../src/proxy/proxy.ts';
import { createSessionCa } from '../src/proxy/tls/session-ca.ts';

/** A name that mitmdump can resolve too; certificates on both sides are made for it. */
const NAME = 'localhost';
const CONNECTIONS = 16;
const REQUEST = `GET /small HTTP/1.1\r\nHost: ${NAME}\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n`;
const OWNER = { who: { pid: 2, parent: 1, exe: '/usr/bin/agent' }, program: { exe: '/usr/bin/agent', uid: 1000 } };

interface Ready {
  readonly port: number;
  readonly ca: string;
}

async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as net.AddressInfo).port;
}

async function serveOrigin(): Promise<void> {
  const ca = createSessionCa();
  const body = JSON.stringify({ message: 'hello', padding: 'x'.repeat(64) });
  const server = https.createServer(
    { SNICallback: (_name, done) => done(null, ca.contextFor(NAME)) },
    (_request, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(body);
    },
  );
  server.keepAliveTimeout = 60_000;
  process.send?.({ port: await listen(server), ca: ca.certificatePem });
}

async function serveProxy(originPort: number, originCa: string): Promise<void> {
  const ca = createSessionCa();
  const names = new SyntheticNames();
  const address = names.addressOf(NAME, 4) ?? '';
  const proxy = new SessionProxy({
    names,
    ca: () => ca,
    decide: () => ({ effect: 'allow', policies: ['bench'], enforced: true, epoch: 1 }),
    mayConnect: () => true,
    emit: () => {},
    who: async () => OWNER,
    upstream: { resolveOverrides: new Map([[NAME, { address: '127.0.0.1', port: originPort }]]), ca: [originCa] },
    destinationOf: () => ({ address, port: 443 }),
  });
  const server = net.createServer();
  proxy.serve(server);
  process.send?.({ port: await listen(server), ca: ca.certificatePem });
}

async function start(role: string, ...args: string[]): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = fork(process.argv[1] ?? '', [role, ...args]);
  const ready = await new Promise<Ready>((resolve) => child.once('message', (message) => resolve(message as Ready)));
  return { child, ready };
}

async function startMitmdump(
  originPort: number,
  originCa: string,
  directory: string,
): Promise<{ child: ChildProcess; ready: Ready }> {
  const caFile = path.join(directory, 'origin.pem');
  writeFileSync(caFile, originCa);
  const probe = net.createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  const settings = [
    `confdir=${directory}`,
    `ssl_verify_upstream_trusted_ca=${caFile}`,
    'connection_strategy=lazy',
    'keep_host_header=true',
  ];
  const args = [
    '-q',
    '--no-http2',
    '--mode',
    `reverse:https://${NAME}:${originPort}`,
    '--listen-host',
    '127.0.0.1',
    '-p',
    String(port),
  ];
  const child = spawn('mitmdump', [...args, ...settings.flatMap((setting) => ['--set', setting])], {
    stdio: 'inherit',
  });
  const isUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.on('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
  while (!(await isUp())) await new Promise((resolve) => setTimeout(resolve, 100));
  return { child, ready: { port, ca: readFileSync(path.join(directory, 'mitmproxy-ca-cert.pem'), 'utf8') } };
}

/** User and system time of a process in milliseconds. Source: proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms. */
function cpuTime(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** One connection that asks again as soon as it is answered, until the shared count is used up. */
function client(target: Ready, budget: { left: number }, latencies: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: '127.0.0.1',
      port: target.port,
      servername: NAME,
      ca: target.ca,
      ALPNProtocols: ['http/1.1'],
    });
    socket.setNoDelay(true);
    let sent = 0;
    let answer = '';
    const next = (): void => {
      if (budget.left <= 0) {
        socket.destroy();
        resolve();
        return;
      }
      budget.left -= 1;
      sent = performance.now();
      socket.write(REQUEST);
    };
    socket.once('secureConnect', next);
    socket.once('error', reject);
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (answer.length > 12 && !answer.startsWith('HTTP/1.1 200')) return reject(new Error(answer.slice(0, 400)));
      if (!answer.endsWith('"}')) return;
      answer = '';
      latencies.push(performance.now() - sent);
      next();
    });
  });
}

interface Round {
  readonly requestsPerSecond: number;
  readonly cpuMicroseconds: number;
  readonly latencyMicroseconds: number;
}

async function round(target: Ready, pid: number | undefined, requests: number): Promise<Round> {
  const latencies: number[] = [];
  const budget = { left: requests };
  const cpu = cpuTime(pid);
  const begin = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => client(target, budget, latencies)));
  const seconds = (performance.now() - begin) / 1000;
  const used = cpuTime(pid) - cpu;
  return {
    requestsPerSecond: requests / seconds,
    cpuMicroseconds: (used * 1000) / requests,
    latencyMicroseconds: median(latencies) * 1000,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function hasMitmdump(): boolean {
  try {
    execFileSync('mitmdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function main(rounds: number): Promise<void> {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-'));
  const children: ChildProcess[] = [];
  try {
    const origin = await start('origin');
    children.push(origin.child);
    const proxy = await start('proxy', String(origin.ready.port), origin.ready.ca);
    children.push(proxy.child);
    const targets: { name: string; ready: Ready; pid: number | undefined; requests: number }[] = [
      { name: 'direct', ready: origin.ready, pid: undefined, requests: 8000 },
      { name: 'leash', ready: proxy.ready, pid: proxy.child.pid, requests: 8000 },
    ];
    if (hasMitmdump()) {
      const mitmdump = await startMitmdump(origin.ready.port, origin.ready.ca, directory);
      children.push(mitmdump.child);
      targets.push({ name: 'mitmdump', ready: mitmdump.ready, pid: mitmdump.child.pid, requests: 1000 });
    }
    const results = new Map<string, Round[]>(targets.map(({ name }) => [name, []]));
    for (const { ready, pid, requests } of targets) await round(ready, pid, requests);
    for (let n = 0; n < rounds; n++) {
      for (const { name, ready, pid, requests } of targets) results.get(name)?.push(await round(ready, pid, requests));
    }
    report(results, rounds);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  }
}

function report(results: ReadonlyMap<string, readonly Round[]>, rounds: number): void {
  const rows = [...results].map(([name, all]) => ({
    name,
    'requests/s': Math.round(median(all.map((one) => one.requestsPerSecond))),
    'proxy CPU µs/request': Math.round(median(all.map((one) => one.cpuMicroseconds))),
    'p50 µs': Math.round(median(all.map((one) => one.latencyMicroseconds))),
  }));
  console.table(rows);
  mkdirSync('bench/results', { recursive: true });
  const context = { node: process.version, cpus: os.cpus().length, rounds, connections: CONNECTIONS };
  writeFileSync(
    'bench/results/proxy.json',
    `${JSON.stringify({ ...context, rows, all: Object.fromEntries(results) }, null, 2)}\n`,
  );
}

const [role = '', ...args] = process.argv.slice(2);
if (role === 'origin') await serveOrigin();
else if (role === 'proxy') await serveProxy(Number(args[0]), args[1] ?? '');
else await main(Number(role || 5));
