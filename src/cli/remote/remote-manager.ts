// The first process of a manager's container: a charge on standard input in; the session beside it, to its end, out.
import fs from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../config/file.ts';
import { refuseDebugger } from '../../host/debugger.ts';
import { requireHost } from '../../host/doctor/require-host.ts';
import { EXIT } from '../../host/errors.ts';
import { TRUST_FILE_VARIABLES } from '../../host/roots.ts';
import { agentNames } from '../../sandbox/agents/catalog.ts';
import { MANAGER_FOLDER, MANAGER_SOCKETS } from '../../sandbox/container/manager.ts';
import { type Door, homeOf, type SessionOptions } from '../../session/options.ts';
import { asking } from '../asking.ts';
import { runCommand } from '../commands/run.command.ts';
import { conclude } from '../commands/run.ts';
import { packageVersion } from '../commands/version.ts';
import { report } from '../failure.ts';
import type { Charge } from './charge.ts';
import { withoutKeeping, withoutWriting } from './unkept.ts';

const STDIN = 0;
const CHUNK = 1 << 16;
/** More than an environment and a few files can have. */
const CHARGE_MAX = 64 << 20;
/** What the image brought, and no variable of a person's may change. */
const OWN = ['PATH', 'HOSTNAME'] as const;
/** The control API is served elsewhere; it comes by the session's door. */
const NOBODY: Door = { close: async () => undefined };
/** They are for Node, or name files that are not here. */
const LEFT_OUT: readonly string[] = [
  ...['NODE_OPTIONS', 'LEASH_NATIVE_DIR', 'TMPDIR'],
  ...TRUST_FILE_VARIABLES,
  'SSL_CERT_DIR',
];

/** The first line; nothing follows it until the agent has ended. */
function readCharge(): Charge {
  const chunks: Buffer[] = [];
  for (let length = 0; length < CHARGE_MAX; ) {
    const chunk = Buffer.alloc(CHUNK);
    const read = fs.readSync(STDIN, chunk, 0, CHUNK, null);
    chunks.push(chunk.subarray(0, read));
    length += read;
    if (read === 0 || chunk[read - 1] === 0x0a) break;
  }
  return JSON.parse(Buffer.concat(chunks).toString()) as Charge;
}

/** Its own folders, and a person's variables but for those. */
function environmentOf({ options }: Charge): NodeJS.ProcessEnv {
  const given = Object.entries(options.env).filter(([name]) => !LEFT_OUT.includes(name));
  const own = OWN.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return {
    ...Object.fromEntries([...given, ...own]),
    XDG_STATE_HOME: path.join(MANAGER_FOLDER, 'state'),
    XDG_CACHE_HOME: path.join(MANAGER_FOLDER, 'cache'),
    LEASH_HOME: path.join(MANAGER_FOLDER, 'config'),
  };
}

function write(file: string, content: string, encoding: BufferEncoding = 'utf8'): string {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, content, { encoding, mode: 0o600, flag: 'wx' });
  return file;
}

function socketsFolder(): string {
  fs.mkdirSync(MANAGER_SOCKETS, { recursive: true, mode: 0o700 });
  return MANAGER_SOCKETS;
}

function take(_id: string, _begun: Promise<void>, openDoor: () => unknown): Door {
  openDoor();
  return NOBODY;
}

async function optionsOf(charge: Charge, say: (line: string) => void): Promise<SessionOptions> {
  const { options, container, beside, askTimeout, quiet } = charge;
  const { env } = process;
  const home = homeOf({ env } as SessionOptions);
  for (const [file, content] of Object.entries(charge.files)) write(file, content, 'latin1');
  if (charge.config !== undefined) write(path.join(MANAGER_FOLDER, 'config/config.toml'), charge.config);
  const policyFile =
    charge.policy === undefined
      ? undefined
      : write(path.join(MANAGER_FOLDER, 'policy', path.basename(options.policyFile ?? '')), charge.policy);
  const { engine, image, hasTerminal } = container;
  const asked = asking({ timeout: askTimeout, isQuiet: quiet });
  return {
    ...options,
    env,
    policyFile,
    config: await readConfig({ env, home, workspace: options.workspace, agents: agentNames() }),
    resolve: new Map(charge.resolve),
    container: {
      engine: { ...engine, program: '', options: [], env: { PATH: env['PATH'] }, isElsewhere: true },
      imageName: image.name,
      image: Promise.resolve(image),
      hasTerminal,
      isReadOnly: false,
      beside,
    },
    bubblewrap: '',
    ...(charge.controlPort !== undefined && { control: { port: charge.controlPort, take } }),
    say,
    asking: {
      ...asked,
      openDoor: (_dir, approver, desk) =>
        asked.openDoor(socketsFolder(), withoutKeeping(approver), withoutWriting(desk)),
    },
    openGate: async (_dir, stage) => (await import('../../api/gate.ts')).openGate(socketsFolder(), stage),
  };
}

async function main(): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(report(error, runCommand)));
  try {
    fs.writeSync(process.stdout.fd, `leash ${packageVersion()}\n`);
    const charge = readCharge();
    process.env = environmentOf(charge);
    requireHost(process.env, undefined, undefined, false);
    const say = (line: string): void => {
      if (!charge.quiet) process.stderr.write(`leash: ${line}\n`);
    };
    process.exitCode = await conclude(await optionsOf(charge, say));
  } catch (error) {
    process.exitCode = report(error, runCommand);
  }
}

refuseDebugger();
process.exitCode = EXIT.leash;
void main();
