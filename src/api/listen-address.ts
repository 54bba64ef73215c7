// What `--listen` says in, the one address of the API out. No I/O.
import net from 'node:net';
import { LeashError } from '../host/errors.ts';

export const DEFAULT_LISTEN = '127.0.0.1:18080';

export interface ListenAddress {
  /** A loopback address. */
  readonly host: string;
  readonly port: number;
}

const PORT_MAX = 65_535;
const FORMS = /^(?:(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<v4>[^:[\]]*)):)?(?<port>\d{1,5})$/;

function isLoopback(host: string): boolean {
  return host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

/** `127.0.0.1:18080`, as a Host header and an origin have it. */
export function listenText({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * `PORT`, `:PORT`, `HOST:PORT`; blank: no API. Addresses that other machines reach are refused: what is said there is not encrypted.
 * @throws {LeashError} LEASH_USAGE
 */
export function listenAddress(text: string): ListenAddress | undefined {
  if (text.trim() === '') return undefined;
  const { v6, v4 = '', port: digits } = FORMS.exec(text.trim())?.groups ?? {};
  const port = Number(digits);
  if (digits === undefined || port < 1 || port > PORT_MAX)
    throw new LeashError('LEASH_USAGE', `--listen needs [HOST:]PORT or nothing; got ${JSON.stringify(text)}`);
  const named = v6 ?? v4;
  const host = named === '' || named === 'localhost' ? '127.0.0.1' : named;
  if (isLoopback(host)) return { host, port };
  throw new LeashError(
    'LEASH_USAGE',
    `--listen: ${host} is not a loopback address; use 127.0.0.1, and a tunnel (ssh -L) from elsewhere`,
  );
}
