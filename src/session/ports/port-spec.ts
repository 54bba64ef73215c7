// One `--publish` in; the port inside and where on the host it is to be reached out. No I/O.
import { BlockList, isIP } from 'node:net';
import { LeashError } from '../../host/errors.ts';

export interface PortSpec {
  /** An address of this machine, as listen(2) takes it. */
  readonly address: string;
  /** Undefined: the first that is free, from the number of the port inside. Or KERNELS_CHOICE. */
  readonly hostPort: number | undefined;
  readonly port: number;
}

/** What a session publishes. */
export interface PublishOptions {
  readonly specs: readonly PortSpec[];
  /** Also every port that a program inside listens on, on 127.0.0.1. */
  readonly all: boolean;
}

/** Where Leash itself listens inside: ENTRY_TCP_PORT of native/include/entry.h. */
export const OWN_PORT = 15_001;
export const HOST_ADDRESS = '127.0.0.1';
/** A free number of `ip_local_port_range`, without `ip_local_reserved_ports`. Source: ip(7). */
export const KERNELS_CHOICE = 0;

const SPEC =
  /^(?:(?:(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+)):)?(?<hostPort>\d{1,5})?:)?(?<port>\d{1,5})(?:\/(?<protocol>[a-z]+))?$/;
const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', `--publish: ${message}`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw usage(`${text} is not a port (1 to 65535)`);
  return port;
}

/** Reads `[[ADDRESS:][HOSTPORT]:]PORT[/tcp]`, an IPv6 address in brackets. @throws {LeashError} LEASH_USAGE */
export function parsePortSpec(text: string): PortSpec {
  const groups = SPEC.exec(text)?.groups;
  if (groups === undefined)
    throw usage(
      `needs [[ADDRESS:][HOSTPORT]:]PORT, one port at a time, an IPv6 address in brackets; got ${JSON.stringify(text)}`,
    );
  const { v4, v6, hostPort, port = '', protocol = 'tcp' } = groups;
  if (protocol !== 'tcp') throw usage(`only TCP ports can be published; ${JSON.stringify(text)} asks for ${protocol}`);
  const address = v6 ?? v4 ?? HOST_ADDRESS;
  if (isIP(address) !== (v6 === undefined ? 4 : 6))
    throw usage(`${JSON.stringify(address)} is not an address of this machine, such as 127.0.0.1`);
  const inside = portOf(port);
  if (inside === OWN_PORT) throw usage(`port ${OWN_PORT} inside is Leash’s own; let the program listen on another`);
  return { address, hostPort: hostPort === undefined ? undefined : portOf(hostPort), port: inside };
}

/** Whether only programs of this machine can reach it. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** `127.0.0.1:3000`, `[::1]:3000`. */
export function endText(address: string, port: number): string {
  return `${isIP(address) === 6 ? `[${address}]` : address}:${port}`;
}
