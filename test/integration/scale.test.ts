// Thousands of processes and threads in a sandbox, each mediated; what the warden and the manager hold for them is bounded, and given back.
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Attacks } from '../fixtures/attacks.ts';
import { finished, IDENTITIES, PERMISSIVE, Place, runLeash, startLeash } from '../fixtures/leash.ts';
import { processOf, sessionProcesses } from '../fixtures/session-processes.ts';

const CROWD = 3_000;

interface Held {
  readonly descriptors: number;
  readonly threads: number;
  readonly mebibytes: number;
}

function heldBy(pid: number): Held {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    threads: number('Threads'),
    mebibytes: Math.round(number('VmRSS') / 1024),
  };
}

let attacks: Attacks;
beforeAll(() => {
  attacks = new Attacks(['crowd']);
});
afterAll(() => attacks.remove());

describe.each(IDENTITIES)('a sandbox of %s', (as) => {
  let place: Place;
  let child: ChildProcess | undefined;
  beforeEach(() => {
    place = new Place(as);
    attacks.put(place, 'crowd');
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    for (const { pid } of sessionProcesses(place)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it ended by itself meanwhile
      }
    }
    place.remove();
  });

  /** Runs `command`, which says what it opened and waits for a line; what the warden holds before, while it waits, and when it is over. */
  async function measure(command: string): Promise<Record<'before' | 'during' | 'after', Held>> {
    const script = `echo begin; read go; ${command}; echo over; cat`;
    const leash = startLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script], args: ['-q'] });
    child = leash;
    let said = '';
    leash.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const end = finished(leash);
    const until = async (text: string): Promise<Held> => {
      await expect.poll(() => said, { timeout: 50_000, interval: 50 }).toContain(text);
      return heldBy(processOf(place, 'warden')?.pid ?? 0);
    };
    const before = await until('begin\n');
    leash.stdin?.write('go\n');
    const during = await until(`${CROWD} opened\n`);
    leash.stdin?.write('over\n');
    const atOnce = await until('over\n');
    // The warden hears of each end for itself.
    const held = (): Held => heldBy(processOf(place, 'warden')?.pid ?? 0);
    await expect.poll(() => held().descriptors, { timeout: 50_000 }).toBeLessThanOrEqual(before.descriptors + 1);
    const after = { ...atOnce, ...held() };
    leash.stdin?.end();
    expect((await end).status).toBe(0);
    return { before, during, after };
  }

  it.each([
    ['processes', CROWD],
    ['threads', 0],
  ] as const)(`has ${CROWD} %s at a time, each of which opens a file`, async (kind, descriptors) => {
    const { before, during, after } = await measure(`./crowd ${kind} ${CROWD} crowd`);
    // One a process; and a few for calls and for what else runs.
    expect(during.descriptors).toBeLessThan(before.descriptors + descriptors + 30);
    expect(during.threads).toBeLessThan(before.threads + 10);
    expect(during.mebibytes).toBeLessThan(before.mebibytes + 30);
    expect(after.threads).toBeLessThan(before.threads + 10);
    expect(after.mebibytes).toBeLessThan(before.mebibytes + 30);
  });

  it('has threads without end, one after the other', async () => {
    const { before, during } = await measure(`./crowd shortlived ${CROWD} crowd`);
    expect(during.descriptors).toBeLessThan(before.descriptors + 30);
    expect(during.mebibytes).toBeLessThan(before.mebibytes + 10);
  });

  it('is one program after the other, and the next session is none the worse', async () => {
    const script = 'i=0; while [ $i -lt 500 ]; do /bin/true $i; i=$((i+1)); done; echo done';
    const { stdout, events } = await runLeash(place, { policy: PERMISSIVE, command: ['sh', '-c', script] });
    expect(stdout.toString()).toBe('done\n');
    const runs = events.filter(
      ({ action, detail }) => action === 'ProcessExec' && String(detail?.['argv']).startsWith('/bin/true'),
    );
    expect(runs).toHaveLength(500);
  });
});
