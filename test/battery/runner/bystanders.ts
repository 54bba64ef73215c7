// What an attack wants to reach outside the sandbox in; it stands there, and afterwards says what the attack did to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { asIdentity, type Place } from '../../fixtures/leash.ts';
import { newCanary } from './canary.ts';
import type { Bystander } from './header.ts';
import { neighbour } from './neighbour.ts';
import { origins } from './origins.ts';
import { services } from './services.ts';
import type { Standing } from './standing.ts';

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
  });

function listening(server: Server, where: number | string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', resolve);
    if (typeof where === 'number') server.listen(where, '127.0.0.1');
    else server.listen(where);
  });
}

/** TCP and UDP on one port of the host's loopback: `LISTENER_PORT`. */
async function listener(): Promise<Standing> {
  const reached: string[] = [];
  const server = createServer((socket) => {
    reached.push('the TCP listener on the host was reached');
    socket.on('error', () => undefined).end('reached\n');
  });
  await listening(server, 0);
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => reached.push('a datagram came to the host'));
  await new Promise<void>((resolve, reject) => {
    datagrams.once('error', reject);
    datagrams.bind(port, '127.0.0.1', resolve);
  });
  return {
    env: { LISTENER_PORT: String(port) },
    facts: () => [...new Set(reached)],
    end: async () => {
      datagrams.close();
      await closed(server);
    },
  };
}

/** A unix socket by a path outside the workspace, `LISTENER_PATH`, and one by an abstract name, `LISTENER_ABSTRACT`. */
async function socket(place: Place): Promise<Standing> {
  const reached: string[] = [];
  const file = path.join(place.root, 'host.sock');
  const abstract = `leash-battery-${place.mark}`;
  const servers = [file, `\0${abstract}`].map((name) => ({
    name,
    server: createServer((connection) => {
      reached.push(`the host's socket ${name === file ? name : abstract} was reached`);
      connection.on('error', () => undefined).end('reached\n');
    }),
  }));
  for (const { name, server } of servers) await listening(server, name);
  chmodSync(file, 0o777);
  return {
    env: { LISTENER_PATH: file, LISTENER_ABSTRACT: abstract },
    files: [file],
    facts: () => [...new Set(reached)],
    end: async () => {
      for (const { server } of servers) await closed(server);
    },
  };
}

/** A process of the same user on the host, which waits: `VICTIM`, its number there. */
async function victim(place: Place): Promise<Standing> {
  const [program = '', ...args] = [...asIdentity(place.as), 'sleep', '600'];
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' });
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  return {
    env: { VICTIM: String(child.pid) },
    facts: () =>
      child.exitCode === null && child.signalCode === null
        ? []
        : [`a process of the host ended by ${child.signalCode ?? child.exitCode}`],
    end: async () => {
      child.kill('SIGKILL');
      await over;
    },
  };
}

/** `POWER`: a token that the attack says only when the kernel gave it the power it asked for. */
async function power(): Promise<Standing> {
  const token = newCanary();
  return {
    env: { POWER: token },
    facts: (output) => (output.includes(token) ? ['the kernel gave the agent the power it asked for'] : []),
    end: async () => undefined,
  };
}

const MAKE: Readonly<Record<Bystander, (place: Place) => Promise<Standing>>> = {
  listener,
  socket,
  victim,
  power,
  neighbour,
  origins,
  services,
};

/** Everything that stands beside one run. */
export class Bystanders {
  readonly #standing: readonly Standing[];

  private constructor(standing: readonly Standing[]) {
    this.#standing = standing;
  }

  static async standing(place: Place, wanted: readonly Bystander[]): Promise<Bystanders> {
    const standing: Standing[] = [];
    for (const name of wanted) standing.push(await MAKE[name](place));
    return new Bystanders(standing);
  }

  /** What the attack is told, in a sandbox or outside of any. */
  env(isInside: boolean): Record<string, string> {
    return Object.assign(
      {},
      ...this.#standing.map(({ env, outsideEnv = {} }) => (isInside ? env : { ...env, ...outsideEnv })),
    );
  }

  /** The environment of `leash` itself. */
  get hostEnv(): Record<string, string> {
    return Object.assign({}, ...this.#standing.map(({ hostEnv = {} }) => hostEnv));
  }

  /** Options of `leash`. */
  get options(): string[] {
    return this.#standing.flatMap(({ options = [] }) => options);
  }

  /** Words before the command line. */
  get prefix(): string[] {
    return this.#standing.flatMap(({ prefix = [] }) => prefix);
  }

  /** Is this, of what was left behind, a bystander's? */
  owns(left: string): boolean {
    return this.#standing.some(({ files = [] }) => files.some((file) => left.includes(file)));
  }

  facts(output: Buffer): string[] {
    return this.#standing.flatMap(({ facts }) => facts(output));
  }

  async end(): Promise<void> {
    for (const one of this.#standing) await one.end();
  }
}
