// The invocation of `run` in, what the session needs to know out. No I/O.
import { DEFAULT_LISTEN, type ListenAddress, listenAddress } from '../api/listen-address.ts';
import { LeashError } from '../host/errors.ts';
import { isProfile } from '../policy/profile.ts';
import type { AskedLimits } from '../sandbox/limits.ts';
import { BACKENDS, type Backend } from '../schema/backend.ts';
import { MODES, type Mode, TLS_MODES, type TlsMode } from '../schema/verdict.ts';
import type { PublishOptions } from '../session/ports/port-spec.ts';
import { type Invocation, lastValue } from './command.ts';
import { askedLimits } from './limit-args.ts';
import { publishOptions } from './publish-args.ts';
import { type AskedVolume, parseVolume } from './volume-args.ts';

/** One `--env`: a value, or undefined to pass on the variable of that name from Leash's own environment, if it has one. */
export interface EnvSetting {
  readonly name: string;
  readonly value: string | undefined;
}

/** One `--resolve`: connections to this name are made to this address. */
export interface ResolveRule {
  /** Lower case, without a final dot. */
  readonly host: string;
  /** The port the rule is for, or undefined for every port. */
  readonly port: number | undefined;
  /** IPv4 or IPv6 literal in canonical text, IPv6 without brackets. */
  readonly address: string;
  /** The port to dial, or undefined for the one the agent asked for. */
  readonly addressPort: number | undefined;
}

export interface RunArgs {
  /** The agent's command and its arguments; at least one word. */
  readonly command: readonly string[];
  /** Profiles in force; none, and no file: the default of the command. */
  readonly profiles: readonly string[];
  /** A Cedar file as given: relative to the current directory. */
  readonly policyFile: string | undefined;
  readonly mode: Mode;
  readonly tls: TlsMode;
  /** As given. Undefined for the current directory. */
  readonly workspace: string | undefined;
  readonly env: readonly EnvSetting[];
  readonly resolve: readonly ResolveRule[];
  /** PEM files with further roots to trust for upstream servers. */
  readonly ca: readonly string[];
  readonly backend: Backend | undefined;
  readonly image: string | undefined;
  /** The root file system of a container's image is read-only; bubblewrap's always is. */
  readonly isReadOnly: boolean;
  readonly limits: AskedLimits;
  readonly publish: PublishOptions | undefined;
  /** The profile `no-network` is among the profiles, and holds in every mode. */
  readonly isOffline: boolean;
  readonly volumes: readonly AskedVolume[];
  readonly review: boolean;
  /** Seconds a question waits for a person; undefined when not given. */
  readonly askTimeout: number | undefined;
  /** Where the control API is served; undefined: nowhere. */
  readonly listen: ListenAddress | undefined;
  /** Its page is opened. */
  readonly opens: boolean;
  /** Left alone: the agent has a terminal of its own. */
  readonly isDetached: boolean;
  readonly recordsBodies: boolean;
  /** The agent holds its own keys and login, and no placeholders. */
  readonly plainSecrets: boolean;
  /** Whether a person may be asked at the start. */
  readonly isInteractive: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const HOST = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const IPV4 = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
const RESOLVE =
  /^(?<host>[^:[\]]+)(?::(?<port>\d{1,5}))?:(?:\[(?<v6>[^\]]+)\]|(?<v4>[^:[\]]+))(?::(?<addressPort>\d{1,5}))?$/;

function usage(message: string): LeashError {
  return new LeashError('LEASH_USAGE', message);
}

function parseEnv(text: string): EnvSetting {
  const equals = text.indexOf('=');
  const name = equals < 0 ? text : text.slice(0, equals);
  // The value may be a secret and stays out of the message.
  if (!ENV_NAME.test(name))
    throw usage(`--env needs NAME or NAME=VALUE; ${JSON.stringify(name)} is not a variable name`);
  return { name, value: equals < 0 ? undefined : text.slice(equals + 1) };
}

function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (port < 1 || port > 65_535) throw usage(`--resolve: ${text} is not a port (1 to 65535)`);
  return port;
}

function canonicalIpv6(text: string): string | undefined {
  const url = `http://[${text}]/`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined;
}

/** Reads one `--resolve` value, as of curl(1) with an optional port to dial. Throws LEASH_USAGE. */
export function parseResolve(text: string): ResolveRule {
  const groups = RESOLVE.exec(text)?.groups;
  if (groups === undefined) {
    throw usage(`--resolve needs HOST[:PORT]:ADDRESS[:PORT], an IPv6 address in brackets; got ${JSON.stringify(text)}`);
  }
  const host = (groups['host'] ?? '').toLowerCase().replace(/\.$/, '');
  if (!HOST.test(host)) throw usage(`--resolve: ${JSON.stringify(host)} is not a host name`);
  const { v4, v6 } = groups;
  const address = v6 === undefined ? (IPV4.test(v4 ?? '') ? v4 : undefined) : canonicalIpv6(v6);
  if (address === undefined) throw usage(`--resolve: ${JSON.stringify(v6 ?? v4)} is not an address`);
  return { host, port: parsePort(groups['port']), address, addressPort: parsePort(groups['addressPort']) };
}

/**
 * Reads the value of `--policy`: names of profiles and at most one file, separated by commas. What is no profile is a file; so a file
 * with the name of a profile is written with its folder, `./node`. Throws LEASH_USAGE.
 */
export function parsePolicy(list: string | undefined): Pick<RunArgs, 'profiles' | 'policyFile'> {
  const words = list === undefined ? [] : list.split(',').map((word) => word.trim());
  if (words.includes('')) throw usage(`--policy: an empty name in ${JSON.stringify(list)}`);
  const profiles = [...new Set(words.filter(isProfile))];
  const [policyFile, second] = words.filter((word) => !isProfile(word));
  if (second === undefined) return { profiles, policyFile };
  throw usage(`--policy takes one file beside profiles; neither ${policyFile} nor ${second} is the name of a profile`);
}

/** A day: timers of Node end at 24 days. */
const ASK_TIMEOUT_MAX = 86_400;

function parseAskTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > ASK_TIMEOUT_MAX)
    throw usage(`--ask-timeout needs seconds (0 to ${ASK_TIMEOUT_MAX}), got ${JSON.stringify(text)}`);
  return Number(text);
}

/** Throws LEASH_COMMAND_MISSING, LEASH_USAGE. */
export function runArgs(invocation: Invocation): RunArgs {
  const { flags, values, words } = invocation;
  if (words[0] === undefined || words[0] === '')
    throw new LeashError('LEASH_COMMAND_MISSING', 'there is no command to run');
  if (flags.has('quiet') && flags.has('verbose')) throw usage('--quiet and --verbose exclude each other');
  const mode = lastValue(invocation, 'mode');
  const tls = lastValue(invocation, 'tls');
  const backend = lastValue(invocation, 'backend');
  const isOffline = flags.has('no-network');
  const { profiles, policyFile } = parsePolicy(lastValue(invocation, 'policy'));
  return {
    command: words,
    profiles: isOffline ? [...new Set([...profiles, 'no-network'])] : profiles,
    policyFile,
    // The parser has checked the values against the same lists.
    mode: MODES.find((known) => known === mode) ?? 'enforce',
    tls: TLS_MODES.find((known) => known === tls) ?? 'inspect',
    workspace: lastValue(invocation, 'workspace'),
    env: (values.get('env') ?? []).map(parseEnv),
    resolve: (values.get('resolve') ?? []).map(parseResolve),
    ca: values.get('ca') ?? [],
    backend: BACKENDS.find((known) => known === backend),
    image: lastValue(invocation, 'image'),
    isReadOnly: flags.has('read-only'),
    limits: askedLimits((name) => lastValue(invocation, name)),
    publish: publishOptions(invocation),
    isOffline,
    volumes: (values.get('volume') ?? []).map(parseVolume),
    review: flags.has('review'),
    askTimeout: parseAskTimeout(lastValue(invocation, 'ask-timeout')),
    listen: listenAddress(lastValue(invocation, 'listen') ?? DEFAULT_LISTEN),
    opens: flags.has('open'),
    isDetached: flags.has('detach'),
    recordsBodies: flags.has('record-bodies'),
    plainSecrets: flags.has('plain-secrets'),
    isInteractive: !flags.has('no-interactive'),
    quiet: flags.has('quiet'),
    verbose: flags.has('verbose'),
  };
}
