// Claude Code with a scripted model: from its start to the first byte it prints, on this machine, in bubblewrap and in containers.
//
//   npm run bench -- first-output [rounds]
import { spawn } from 'node:child_process';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AgentModel, permittedHosts } from '../test/fixtures/agent-model.ts';
import { AgentStore } from '../test/fixtures/agent-script.ts';
import { ENGINES, engineMissing, Lab } from '../test/fixtures/containers.ts';
import { Place } from '../test/fixtures/leash.ts';
// @ts-expect-error: plain JavaScript, which is run as a program too
import { checkScript } from '../test/fixtures/scripted-model/script.mjs';
// @ts-expect-error: the same
import { createModelServer } from '../test/fixtures/scripted-model/server.mjs';
import { median, type Row, report } from './measure.ts';

const ROUNDS = Number(process.argv[2] ?? 5);
const leash = fileURLToPath(new URL('../leash', import.meta.url));
const STEPS = [{ text: 'All is done.' }];
const WORDS = ['-p', 'Say it.', '--dangerously-skip-permissions'];
const PROGRAMS = ['node', 'bash', 'env'];

interface Way {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Milliseconds to the first byte on standard output; the command must succeed. */
function firstOutput({ command, env }: Way, cwd: string): Promise<number> {
  const start = process.hrtime.bigint();
  return new Promise((resolve, reject) => {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [first, said] = [0, ''];
    child.stdout.on('data', () => (first ||= Number(process.hrtime.bigint() - start) / 1e6));
    child.stderr.on('data', (bytes: Buffer) => (said += bytes));
    child.once('error', reject);
    child.once('close', (status) =>
      status === 0 ? resolve(first) : reject(new Error(`${command.join(' ')}: ${said}`)),
    );
  });
}

/** In turn, so that a noisy machine disturbs all alike; the first round does not count. */
async function measure(ways: readonly Way[], cwd: string): Promise<Row[]> {
  const values = new Map(ways.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const way of ways) {
      const value = await firstOutput(way, cwd);
      if (round > 0) values.get(way.name)?.push(value);
    }
  return [...values].map(([name, all]) => ({
    name,
    median: median(all),
    min: Math.min(...all),
    max: Math.max(...all),
  }));
}

const store = new AgentStore();
const place = new Place();
const model = new AgentModel(STEPS);
const plain = createModelServer({ script: checkScript({ steps: STEPS }), log: () => undefined }) as Server;
const labs: Lab[] = [];
try {
  const found = await store.install('claude');
  if ('missing' in found) throw new Error(found.missing);
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const env = { ...place.environment, ANTHROPIC_API_KEY: 'sk-ant-api03-0123456789abcdefghij', ...store.env };
  const reached = await model.listen(place, permittedHosts('claude'));
  const inside = (...args: string[]): readonly string[] => [leash, '-q', ...reached, ...args, '--', 'claude', ...WORDS];
  const ways: Way[] = [
    {
      name: 'claude',
      command: [found.command, ...WORDS],
      env: {
        ...env,
        IS_SANDBOX: '1',
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
        DISABLE_AUTOUPDATER: '1',
        ANTHROPIC_BASE_URL: `http://127.0.0.1:${(plain.address() as AddressInfo).port}`,
      },
    },
    { name: './leash (bubblewrap)', command: inside('--backend', 'bubblewrap'), env },
  ];
  for (const name of ENGINES) {
    const missing = engineMissing(name);
    if (missing !== undefined) {
      console.log(`first-output: ${name} skipped, ${missing}`);
      continue;
    }
    const lab = await Lab.open(name);
    labs.push(lab);
    const image = lab.imageWith({ programs: PROGRAMS }, 'bench');
    ways.push({
      name: `./leash --backend ${name}`,
      command: inside('--backend', name, '--image', image),
      env: { ...env, ...lab.env },
    });
  }
  report('first-output', 'ms', await measure(ways, path.resolve(place.workspace)), 'claude', []);
} finally {
  for (const lab of labs) await lab.close();
  model.close();
  plain.closeAllConnections();
  plain.close();
  place.remove();
  store.remove();
}
