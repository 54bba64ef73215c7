// The environment of leash enters, the parent proxy that each connection has to take leaves; its password goes nowhere but to it.
import { Buffer } from 'node:buffer';
import net from 'node:net';
import { LeashError } from '../../host/errors.ts';
import { canonicalHost } from '../names/canonical-host.ts';
import { readNoProxy } from './no-proxy.ts';

/** What a connection carries, for the choice of a proxy. */
export type Carried = 'http' | 'https' | 'other';

type Environment = Readonly<Record<string, string | undefined>>;

const USUAL_PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 } as const;
/** `socks5` resolves names here and asks for addresses, `socks5h` leaves names to the proxy; as curl has it. */
type Protocol = keyof typeof USUAL_PORTS;

function isProtocol(word: string): word is Protocol {
  return Object.hasOwn(USUAL_PORTS, word);
}

/** Most bytes of user and password each (RFC 1929, section 2). */
const MAX_SOCKS_WORD = 255;

/** Lower case first, as curl reads them. */
const VARIABLES: Readonly<Record<Carried, readonly string[]>> = {
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'],
  http: ['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'],
  other: ['all_proxy', 'ALL_PROXY'],
};

/** One proxy through which others are reached. Printed or serialised, it shows where it is and no more. */
export class ParentProxy {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** The variable that names it. */
  readonly variable: string;
  readonly #credentials: readonly [user: Buffer, password: Buffer] | undefined;

  /** @throws URIError when the user or password is not percent-encoded UTF-8 */
  constructor(url: URL, protocol: Protocol, name: string, variable: string) {
    this.name = name;
    this.protocol = protocol;
    this.port = url.port === '' ? USUAL_PORTS[protocol] : Number(url.port);
    this.variable = variable;
    const { username, password } = url;
    const decoded = (text: string): Buffer => Buffer.from(decodeURIComponent(text));
    this.#credentials = username + password === '' ? undefined : [decoded(username), decoded(password)];
  }

  get isSocks(): boolean {
    return this.protocol === 'socks5' || this.protocol === 'socks5h';
  }

  /** User and password, or undefined when the variable holds none. A secret. */
  get credentials(): readonly [user: Buffer, password: Buffer] | undefined {
    return this.#credentials;
  }

  /** Value of Proxy-Authorization (RFC 7617), or undefined when the variable holds no user. A secret. */
  get authorization(): string | undefined {
    if (this.#credentials === undefined) return undefined;
    const [user, password] = this.#credentials;
    return `Basic ${Buffer.concat([user, Buffer.from(':'), password]).toString('base64')}`;
  }

  /** For a person. */
  toString(): string {
    const host = net.isIPv6(this.name) ? `[${this.name}]` : this.name;
    return `the proxy ${this.protocol}://${host}:${this.port} (${this.variable})`;
  }
}

/** The value is never part of the message: it may hold a password. */
function invalid(variable: string, why: string): LeashError {
  return new LeashError('LEASH_PARENT_PROXY', `${variable} ${why}; nothing was started`);
}

function readProxy(variable: string, value: string): ParentProxy {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) throw invalid(variable, 'is not the address of a proxy');
  const url = new URL(text);
  const protocol = url.protocol.slice(0, -1);
  if (!isProtocol(protocol)) throw invalid(variable, `names a ${protocol} proxy, which Leash does not speak`);
  const name = canonicalHost(url.hostname.replace(/^\[|\]$/g, ''));
  if (name === undefined || url.port === '0') throw invalid(variable, 'is not the address of a proxy');
  if (!/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    throw invalid(
      variable,
      'has something behind host and port (`#`, `?` and `/` in a password are written %23, %3F and %2F)',
    );
  const proxy = construct(url, protocol, name, variable);
  if (proxy.isSocks && proxy.credentials?.some((word) => word.length === 0 || word.length > MAX_SOCKS_WORD))
    throw invalid(variable, 'holds a user or password that SOCKS has no room for (1 to 255 bytes each)');
  return proxy;
}

function construct(url: URL, protocol: Protocol, name: string, variable: string): ParentProxy {
  try {
    return new ParentProxy(url, protocol, name, variable);
  } catch {
    throw invalid(variable, 'holds a user or password with a `%` that is not written %25');
  }
}

/** The first of the variables that is set, and not to nothing. */
function firstSet(env: Environment, variables: readonly string[]): string | undefined {
  return variables.find((variable) => (env[variable] ?? '') !== '');
}

export interface ParentProxies {
  /** The proxy for a canonical name or address, if it is not reached directly. */
  readonly proxyFor: (name: string, port: number, carried: Carried) => ParentProxy | undefined;
  readonly all: readonly ParentProxy[];
  /** What a person should know of the variables. */
  readonly notes: readonly string[];
}

/**
 * Reads http_proxy, https_proxy, all_proxy and no_proxy, in either case: the lower-case one wins, an empty one counts as unset.
 * @returns undefined when no proxy is named
 * @throws LeashError LEASH_PARENT_PROXY
 */
export function readParentProxies(env: Environment): ParentProxies | undefined {
  const read = (carried: Carried): ParentProxy | undefined => {
    const variable = firstSet(env, VARIABLES[carried]);
    return variable === undefined ? undefined : readProxy(variable, env[variable]?.trim() ?? '');
  };
  const proxies = { https: read('https'), http: read('http'), other: read('other') };
  const all = Object.values(proxies).filter((proxy) => proxy !== undefined);
  if (all.length === 0) return undefined;
  const variable = firstSet(env, ['no_proxy', 'NO_PROXY']);
  const { covers, unread } = readNoProxy(variable === undefined ? '' : (env[variable] ?? ''));
  return {
    proxyFor: (name, port, carried) => (covers(name, port) ? undefined : proxies[carried]),
    all,
    notes: unread.map(
      (entry) => `${variable}: ${JSON.stringify(entry.slice(0, 100))} is no name, address or network, and is ignored`,
    ),
  };
}
