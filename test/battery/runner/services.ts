// A place in; what listens on a machine, where it does, and afterwards which of it was reached, out.

import { randomInt } from 'node:crypto';
import dgram from 'node:dgram';
import { chmodSync, readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Place } from '../../fixtures/leash.ts';
import type { Standing } from './standing.ts';

/** An address of this machine that is not loopback; connecting to it stays on the machine. */
function ownAddress(): string | undefined {
  return Object.values(os.networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
}

/** A name by which this machine's own list calls its loopback: no resolver is asked for it. */
function nameOfLoopback(): string | undefined {
  return readFileSync('/etc/hosts', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('127.'))
    .flatMap((line) => line.split(/\s+/).slice(1))
    .find((name) => name !== '' && !name.startsWith('localhost'));
}

type Reached = (what: string) => void;

async function stream(where: net.ListenOptions, what: string, reached: Reached): Promise<net.Server> {
  const server = net.createServer((socket) => {
    reached(what);
    socket.on('error', () => undefined).end('reached\n');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve));
  return server;
}

async function datagrams(port: number, address: string, what: string, reached: Reached): Promise<dgram.Socket> {
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4', () => reached(what));
  await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(port, address, resolve));
  return socket;
}

/** Where programs of a desktop or a server look for these; the files are named as there. */
const SOCKETS = {
  DOCKER_SOCKET: 'docker.sock',
  DBUS_SOCKET: 'bus',
  SSH_AUTH_SOCK: 'agent.1',
  X11_SOCKET: 'X0',
  WAYLAND_SOCKET: 'wayland-0',
} as const;

/**
 * TCP and UDP on `SERVICE_PORT` of 127.0.0.1, ::1 and, where there is one, `OWN_ADDRESS`; a resolver at `RESOLVER`, if its port 53
 * may be bound; unix sockets by paths and one by an abstract name, `ABSTRACT`.
 */
export async function services(place: Place): Promise<Standing> {
  const facts = new Set<string>();
  const reached = (what: string): unknown => facts.add(`${what} was reached`);
  const closing: { close(): unknown }[] = [];
  const own = ownAddress();
  const first = await stream({ host: '127.0.0.1', port: 0 }, "the host's loopback", reached);
  closing.push(first);
  const { port } = first.address() as net.AddressInfo;
  for (const [host, what] of [
    ['::1', "the host's IPv6 loopback"],
    [own, "the host's own address"],
  ] as const)
    if (host !== undefined) closing.push(await stream({ host, port }, what, reached));
  for (const host of ['127.0.0.1', '::1', own])
    if (host !== undefined) closing.push(await datagrams(port, host, `UDP at ${host}`, reached));
  // Any address of 127/8 is this machine's, so that runs at the same time have a port 53 each.
  const resolver = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.53`;
  try {
    closing.push(await datagrams(53, resolver, "the host's resolver", reached));
    closing.push(await stream({ host: resolver, port: 53 }, "the host's resolver, over TCP,", reached));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
  }
  const folder = path.join(place.root, 'services');
  place.write(path.join(folder, 'readme'), '');
  chmodSync(folder, 0o777);
  const files = Object.values(SOCKETS).map((name) => path.join(folder, name));
  for (const file of files) {
    closing.push(await stream({ path: file }, `the host's socket ${path.basename(file)}`, reached));
    chmodSync(file, 0o777);
  }
  const abstract = `leash-battery-service-${place.mark}`;
  closing.push(await stream({ path: `\0${abstract}` }, "the host's abstract socket", reached));
  const paths = Object.fromEntries(Object.entries(SOCKETS).map(([name, file]) => [name, path.join(folder, file)]));
  return {
    env: {
      SERVICE_PORT: String(port),
      RESOLVER: resolver,
      OWN_ADDRESS: own ?? '127.0.0.1',
      ABSTRACT: abstract,
      LOOPBACK_NAME: nameOfLoopback() ?? '',
      ...paths,
    },
    hostEnv: {
      ...paths,
      DOCKER_HOST: `unix://${paths['DOCKER_SOCKET']}`,
      DBUS_SESSION_BUS_ADDRESS: `unix:path=${paths['DBUS_SOCKET']}`,
    },
    files,
    facts: () => [...facts],
    end: async () => {
      for (const one of closing) one.close();
    },
  };
}
