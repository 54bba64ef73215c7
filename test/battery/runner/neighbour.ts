// A place in; a process of the same user and process group as `leash` beside it, and afterwards what was done to it, out.
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from '../../fixtures/leash.ts';
import { newCanary } from './canary.ts';
import { compile } from './programs.ts';
import type { Standing } from './standing.ts';

const SOURCE = fileURLToPath(new URL('neighbour.c', import.meta.url));

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'latin1') : '');

/** Fields of /proc/PID/stat after the name, which may hold anything. Source: proc_pid_stat(5). */
const statFields = (pid: number): string[] =>
  read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');

function memoryAt(pid: number, address: number, length: number): string {
  const bytes = Buffer.alloc(length);
  const file = openSync(`/proc/${pid}/mem`, 'r');
  try {
    readSync(file, bytes, 0, length, address);
  } finally {
    closeSync(file);
  }
  return bytes.toString('latin1');
}

/** What an attack could have changed of a process without a signal. */
function stateOf(pid: number): Record<string, string> {
  const limits = read(`/proc/${pid}/limits`);
  return {
    'nice value': statFields(pid)[16] ?? '',
    'scheduling policy': statFields(pid)[38] ?? '',
    processors: /^Cpus_allowed:\t(.*)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? '',
    'limit of files': /^Max open files +(\S+)/m.exec(limits)?.[1] ?? '',
    'I/O priority': execFileSync('ionice', ['-p', String(pid)])
      .toString()
      .trim(),
    'OOM adjustment': read(`/proc/${pid}/oom_score_adj`).trim(),
  };
}

/** Waits until it rests with no signal pending: on a busy machine what was sent to it has not been noticed yet. */
function awaitRest(pid: number): void {
  const end = Date.now() + 5_000;
  const still = new Int32Array(new SharedArrayBuffer(4));
  while (Date.now() < end) {
    const status = read(`/proc/${pid}/status`);
    const rests = /^State:\tS/m.test(status) && !/^(Sig|Shd)Pnd:\t0*[1-9a-f]/m.test(status);
    if (rests || !/^State:\t[RSD]/m.test(status)) return;
    Atomics.wait(still, 0, 0, 1);
  }
}

/**
 * `NEIGHBOUR` is its number on the host, `NEIGHBOUR_AT` an address in its memory and `NEIGHBOUR_FD` a descriptor, where its secret
 * is. The same secret is in its environment, and by the name of a credential in that of `leash`.
 */
export async function neighbour(place: Place): Promise<Standing> {
  const secret = newCanary();
  const program = place.write(path.join(place.root, 'neighbour'), compile(SOURCE), 0o755);
  const report = place.write(path.join(place.root, 'neighbour.report'), '');
  const found = (): { pid: number; address: number } | undefined => {
    const [pid, address] = /^(\d+) (0x\w+)$/m.exec(read(report))?.slice(1) ?? [];
    return pid === undefined ? undefined : { pid: Number(pid), address: Number(address) };
  };
  return {
    env: {},
    hostEnv: { NEIGHBOUR_SECRET: secret },
    prefix: [program, report],
    facts: (output) => {
      const it = found();
      if (it === undefined) return ['the neighbour did not start'];
      awaitRest(it.pid);
      const facts = [...read(report).matchAll(/^signal (\d+)$/gm)].map(([, number]) => `signal ${number} came to it`);
      if (output.includes(secret)) facts.push('its secret is in the output');
      if (!/[SR]/.test(statFields(it.pid)[0] ?? '')) facts.push('it ended or was stopped');
      else if (memoryAt(it.pid, it.address, secret.length) !== secret) facts.push('its memory is not what it was');
      const own = stateOf(process.pid);
      for (const [what, value] of Object.entries(stateOf(it.pid)))
        if (value !== own[what]) facts.push(`its ${what} is ${value}`);
      return facts.map((fact) => `the neighbour on the host: ${fact}`);
    },
    end: async () => {
      const it = found();
      if (it !== undefined) process.kill(it.pid, 'SIGKILL');
    },
  };
}
