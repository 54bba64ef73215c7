// A target enters, requests go through it, what they took leaves: processor time of the proxy first, because a clock also counts the neighbours.
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { median } from '../measure.ts';
import { NAME, type Target } from './words.ts';

function requestFor(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${NAME}\r\nAccept: application/json\r\nUser-Agent: bench\r\n\r\n`;
}

/** User and system time of processes in milliseconds. Source: proc_pid_stat(5), fields 14 and 15, in ticks of 10 ms. */
function processorTime(pids: readonly number[]): number {
  const times = pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  });
  return times.reduce((sum, time) => sum + time, 0);
}

/** Kilobytes in memory. Source: proc_pid_status(5), VmRSS. */
export function residentMemory(pids: readonly number[]): number {
  return pids
    .map((pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]))
    .reduce((sum, size) => sum + size, 0);
}

function connect(target: Target, session?: Buffer): tls.TLSSocket {
  const socket = tls.connect({
    host: '127.0.0.1',
    port: target.port,
    servername: NAME,
    ca: target.ca,
    ...(session !== undefined && { session }),
    ALPNProtocols: ['http/1.1'],
  });
  socket.setNoDelay(true);
  return socket;
}

export interface Measured {
  readonly perSecond: number;
  /** Microseconds of the proxy's processor time for each. */
  readonly processor: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

async function timed(target: Target, count: number, run: (latencies: number[]) => Promise<void>): Promise<Measured> {
  const latencies: number[] = [];
  const before = processorTime(target.pids);
  const start = performance.now();
  await run(latencies);
  const seconds = (performance.now() - start) / 1000;
  const processor = ((processorTime(target.pids) - before) * 1000) / count;
  const p99 = quantile(latencies, 0.99) * 1000;
  return { perSecond: count / seconds, processor, p50: median(latencies) * 1000, p99 };
}

/** One connection that asks again as soon as it is answered, until the shared count is used up. */
function client(target: Target, budget: { left: number }, latencies: number[]): Promise<void> {
  const request = requestFor('/small');
  return new Promise((resolve, reject) => {
    const socket = connect(target);
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
      socket.write(request);
    };
    socket.once('secureConnect', next).once('error', reject);
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (answer.length > 12 && !answer.startsWith('HTTP/1.1 200')) return reject(new Error(answer.slice(0, 400)));
      // The end of the body, and of its last chunk where there are chunks.
      if (!/"\}(?:\r\n0\r\n\r\n)?$/.test(answer)) return;
      if (/transfer-encoding: *chunked/i.test(answer) && !answer.endsWith('0\r\n\r\n')) return;
      answer = '';
      latencies.push(performance.now() - sent);
      next();
    });
  });
}

/** Small requests over kept connections. */
export function keptAlive(target: Target, connections: number, requests: number): Promise<Measured> {
  const budget = { left: requests };
  return timed(target, requests, async (latencies) => {
    await Promise.all(Array.from({ length: connections }, () => client(target, budget, latencies)));
  });
}

/** A new connection, with a full handshake, for each request. */
export function newConnections(target: Target, count: number): Promise<Measured> {
  return timed(target, count, async (latencies) => {
    for (let done = 0; done < count; done++) {
      const start = performance.now();
      await client(target, { left: 1 }, []);
      latencies.push(performance.now() - start);
    }
  });
}

/** The same, and each offers the session that the one before was given: the handshake is a short one (RFC 8446, section 2.2). */
export function resumedConnections(target: Target, count: number): Promise<Measured> {
  let session: Buffer | undefined;
  return timed(target, count, async (latencies) => {
    for (let done = 0; done < count; done++) {
      const start = performance.now();
      await new Promise<void>((resolve, reject) => {
        const socket = connect(target, session);
        socket.on('session', (ticket) => {
          session = ticket;
        });
        socket.once('secureConnect', () => socket.write(requestFor('/small'))).once('error', reject);
        socket.once('data', () => {
          if (done > 0 && !socket.isSessionReused()) reject(new Error(`${target.name} did not resume a session`));
          socket.destroy();
          resolve();
        });
      });
      latencies.push(performance.now() - start);
    }
  });
}

/** One large answer; `perSecond` is in MB. */
export function bulk(target: Target, megabytes: number): Promise<Measured> {
  const size = megabytes * 1_000_000;
  return timed(target, megabytes, async (latencies) => {
    const start = performance.now();
    await new Promise<void>((resolve, reject) => {
      const socket = connect(target);
      let received = 0;
      socket.once('secureConnect', () => socket.write(requestFor(`/bulk/${size}`))).once('error', reject);
      socket.on('data', (bytes: Buffer) => {
        received += bytes.length;
        if (received < size) return;
        socket.destroy();
        resolve();
      });
    });
    latencies.push(performance.now() - start);
  });
}

/** Delays of server-sent events from the server's clock to the client's, in µs. */
export async function eventDelays(target: Target): Promise<readonly number[]> {
  const delays: number[] = [];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(target);
    let rest = '';
    socket.once('secureConnect', () => socket.write(requestFor('/events'))).once('error', reject);
    socket.on('data', (bytes: Buffer) => {
      const now = process.hrtime.bigint();
      rest += bytes.toString('latin1');
      let used = 0;
      for (const event of rest.matchAll(/data: (\d+)\n\n/g)) {
        delays.push(Number(now - BigInt(event[1] ?? 0)) / 1000);
        used = event.index + event[0].length;
      }
      rest = rest.slice(used);
      if (!rest.endsWith('0\r\n\r\n')) return;
      socket.destroy();
      resolve();
    });
  });
  return delays;
}

/** Kilobytes that each of `count` idle connections keeps in memory, after one request on each. */
export async function idleMemory(target: Target, count: number): Promise<number> {
  const before = residentMemory(target.pids);
  const sockets: tls.TLSSocket[] = [];
  for (let opened = 0; opened < count; opened++) {
    const socket = connect(target);
    sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', () => socket.write(requestFor('/small'))).once('error', reject);
      socket.once('data', () => resolve());
    });
  }
  const after = residentMemory(target.pids);
  for (const socket of sockets) socket.destroy();
  return (after - before) / count;
}
