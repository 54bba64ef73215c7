// The user's secrets in; what the agent holds in their place, what the proxy puts in for it, and the policies that permit it out.
import fs from 'node:fs';
import type { Config } from '../../config/config.ts';
import { cedarString } from '../../policy/text/literal.ts';
import type { AwsBinding } from '../../proxy/secrets/aws-broker.ts';
import type { Binding, HostPattern } from '../../proxy/secrets/binding.ts';
import type { OauthBinding } from '../../proxy/secrets/oauth-broker.ts';
import { makePlaceholder } from '../../proxy/secrets/placeholder.ts';
import { SecretValue, valueObjection } from '../../proxy/secrets/secret-value.ts';
import type { SessionAgent } from '../agents/session-agent.ts';
import { type LoginKey, type OpenedLogin, openLogins } from '../logins/open-logins.ts';
import { isInWorkspace, type Surroundings } from '../registries/surroundings.ts';
import { type OpenedAws, openAws } from './aws.ts';
import type { ConfiguredSecret } from './configured.ts';
import { FetchedValue } from './fetched-value.ts';
import { gitVariables } from './git-credentials.ts';
import { listSecrets } from './list.ts';

type Variables = Readonly<Record<string, string>>;

/** Random characters of a placeholder whose value is not known yet. */
const UNKNOWN_LENGTH = 40;
const OTHERS_WRITE = 0o022;

interface Opened {
  readonly secret: ConfiguredSecret;
  readonly binding: Binding;
}

export class SessionSecrets {
  readonly #opened: readonly Opened[];
  readonly #aws: readonly OpenedAws[];
  /** Tokens that servers issue. */
  readonly oauthBindings: readonly OauthBinding[];
  /** Files that the agent finds in its home, by their paths. */
  readonly copies: Variables;
  /** Those of them that are not the host's own. */
  readonly brokered: Variables;
  /** Takes note of a token that came. */
  readonly learned: (value: SecretValue) => void;
  readonly #logins: readonly OpenedLogin[];
  readonly #values: () => readonly SecretValue[];
  #known: readonly (readonly [name: string, value: string])[] = [];

  constructor(
    opened: readonly Opened[],
    aws: readonly OpenedAws[],
    oauth: readonly OauthBinding[],
    values: SecretValue[],
    logins: readonly OpenedLogin[],
    isPlain: boolean,
  ) {
    this.#logins = logins;
    this.copies = Object.fromEntries(logins.map(({ file, copy, text }) => [file, isPlain ? text : copy]));
    this.brokered = isPlain ? {} : this.copies;
    this.#opened = opened;
    this.#aws = aws;
    this.oauthBindings = oauth;
    this.#values = () => values;
    this.learned = (value) => void values.push(value);
  }

  get bindings(): readonly Binding[] {
    return this.#opened.map(({ binding }) => binding);
  }

  get awsBindings(): readonly AwsBinding[] {
    return this.#aws.map(({ binding }) => binding);
  }

  /** Values known by now, with their names, for whatever must not hold them. They only become more. */
  known(): readonly (readonly [name: string, value: string])[] {
    const values = this.#values();
    if (this.#known.length !== values.length) this.#known = values.map((value) => [value.name, value.reveal()]);
    return this.#known;
  }

  /** Placeholders for the agent, by variable. @param env where they will stand */
  variables(env: Readonly<Record<string, string | undefined>>): Variables {
    const git = gitVariables(
      this.#opened.flatMap(({ secret: { gitUser, hosts }, binding: { placeholder } }) =>
        gitUser === undefined ? [] : [{ user: gitUser, hosts, placeholder }],
      ),
      env,
    );
    const filled = this.#opened.flatMap(({ secret: { variable }, binding }) =>
      variable === undefined ? [] : [[variable, binding.placeholder] as const],
    );
    const aws = Object.assign({}, ...this.#aws.map((each) => each.variables)) as Variables;
    return { ...Object.fromEntries(filled), ...git, ...aws };
  }

  /** An environment without the values, whichever variable holds them. */
  cleaned(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
    const sources = new Set(
      this.#opened.flatMap(({ secret: { source } }) => (source.kind === 'env' ? [source.variable] : [])),
    );
    const parts = this.#aws.flatMap(({ binding }) => [binding.secretKey, binding.sessionToken]);
    const standIns = this.#values().map((value) => {
      const own = this.#opened.find(({ binding }) => binding.name === value.name)?.binding;
      const { placeholder = '' } = own ?? parts.find((part) => part?.value === value) ?? {};
      return [value.reveal(), placeholder] as const;
    });
    const clean = (text: string): string =>
      standIns.reduce((left, [value, placeholder]) => left.replaceAll(value, () => placeholder), text);
    return Object.fromEntries(
      Object.entries(env)
        .filter(([name]) => !sources.has(name))
        .map(([name, text]) => [name, text === undefined ? undefined : clean(text)]),
    );
  }

  /** Files that hold values. */
  get files(): readonly string[] {
    return this.#opened.flatMap(({ secret: { source } }) => (source.kind === 'file' ? [source.file] : []));
  }

  /** What the configuration says as policy, so that a forbid of the user's outweighs it. */
  get guard(): string {
    const issued = this.oauthBindings.map(({ name, hosts, endpoints }) => ({ name, hosts: [...hosts, ...endpoints] }));
    const bound = [...this.bindings, ...this.awsBindings, ...issued];
    const permits = bound.map(
      ({ name, hosts }) =>
        `@id("leash:secret:${name}") @reason("Your configuration binds the secret to this host.")\n` +
        `permit(principal, action == Action::"SecretUse", resource == Secret::${cedarString(name)})\n` +
        `when { context.host in [${hosts.map(hostEntity).join(', ')}] };`,
    );
    const opened = this.#opened.flatMap(({ secret: { opens }, binding }) =>
      opens === undefined ? [] : [opening(binding.name, opens)],
    );
    const logins = this.#logins.flatMap(({ opens, oauth }) =>
      oauth === undefined ? [] : [opening(oauth.name, opens)],
    );
    const places = this.files.flatMap((file) => [...new Set([file, fs.realpathSync(file)])]);
    const forbid = `@id("leash:secret-files") @reason("Files of secrets stay out of the sandbox.")
forbid(principal, action in Action::"FileOpen", resource)
when { resource in [${places.map((file) => `File::${cedarString(file)}`).join(', ')}] };`;
    return [...permits, ...opened, ...logins, ...(places.length > 0 ? [forbid] : [])].join('\n');
  }
}

function opening(name: string, { profile, hosts }: NonNullable<ConfiguredSecret['opens']>): string {
  return (
    `@id("leash:opened:${name}") @reason("The agent works with this key, and its profile is in force.")\n` +
    `permit(principal in Profile::${cedarString(profile)}, action in [Action::"DnsResolve", Action::"NetworkConnect"], resource)\n` +
    `when { resource in [${hosts.map((host) => `Host::${cedarString(host)}`).join(', ')}] };`
  );
}

function hostEntity({ name, port }: HostPattern): string {
  return `Host::${cedarString(`${name.includes(':') ? `[${name}]` : name}:${port}`)}`;
}

function readSecretFile(
  file: string,
  surroundings: Surroundings,
): { readonly text: string } | { readonly problem: string } {
  if (isInWorkspace(file, surroundings)) return { problem: `${file} lies in the workspace` };
  try {
    if ((fs.statSync(file).mode & OTHERS_WRITE) !== 0) return { problem: `others than you may write to ${file}` };
    return { text: fs.readFileSync(file, 'latin1').replace(/[\r\n]+$/, '') };
  } catch (error) {
    return { problem: `${file} cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
}

/** The value of a source that needs no program, or why there is none. */
function readNow(
  { source }: ConfiguredSecret,
  surroundings: Surroundings,
): { readonly text: string } | { readonly problem: string } | undefined {
  if (source.kind === 'file') return readSecretFile(source.file, surroundings);
  if (source.kind !== 'env') return undefined;
  const text = surroundings.env[source.variable];
  return text === undefined || text === '' ? { problem: `${source.variable} is not set` } : { text };
}

function commandOf({ source }: ConfiguredSecret): { readonly argv: readonly string[]; readonly ttl?: number } {
  if (source.kind === 'command') return source;
  if (source.kind !== 'keyring') return { argv: [] };
  const { attributes, ttl } = source;
  return { argv: ['secret-tool', 'lookup', ...attributes.flat()], ...(ttl === undefined ? {} : { ttl }) };
}

export interface SecretsOf {
  readonly surroundings: Surroundings;
  readonly config: Config | undefined;
  /** Variables that the user passes on as they are. */
  readonly passed: Variables;
  readonly agent: SessionAgent | undefined;
  /** The agent's login is its own: the files come as they are. */
  readonly isPlain: boolean;
  readonly say: (line: string) => void;
}

/**
 * Opens the secrets of a session. One that cannot be had now is left out, and said so: the agent works without it.
 * @returns undefined when there are none
 * @throws {LeashError} LEASH_CONFIG
 */
export async function openSecrets(options: SecretsOf): Promise<SessionSecrets | undefined> {
  const { surroundings, config, passed, agent, isPlain, say } = options;
  const values: SecretValue[] = [];
  const opened: Opened[] = [];
  const aws: OpenedAws[] = [];
  const oauth: OauthBinding[] = [];
  for (const secret of await listSecrets(surroundings, config, passed, agent)) {
    if (secret.source.kind === 'oauth') {
      oauth.push({ name: secret.name, hosts: secret.hosts, endpoints: secret.source.endpoints });
      continue;
    }
    if (secret.isAws === true) {
      const credentials = openAws(secret, surroundings.env);
      if ('problem' in credentials) {
        say(`the secret ${secret.name} is not available: ${credentials.problem}`);
        continue;
      }
      aws.push(credentials);
      values.push(...credentials.values);
      continue;
    }
    const read = readNow(secret, surroundings);
    const problem = read === undefined ? undefined : 'problem' in read ? read.problem : valueObjection(read.text);
    if (problem !== undefined) {
      say(`the secret ${secret.name} is not available: ${problem}`);
      continue;
    }
    if (read !== undefined && 'text' in read) {
      const value = new SecretValue(secret.name, read.text);
      values.push(value);
      opened.push({ secret, binding: bindingOf(secret, makePlaceholder(read.text), () => value) });
    } else {
      const learned = (value: SecretValue): void => void (values.includes(value) || values.push(value));
      const fetched = new FetchedValue({ name: secret.name, surroundings, learned, ...commandOf(secret) });
      const placeholder = (secret.prefix ?? '') + makePlaceholder(' '.repeat(UNKNOWN_LENGTH));
      opened.push({ secret, binding: bindingOf(secret, placeholder, () => fetched.get()) });
    }
  }
  const logins = agent === undefined ? [] : openLogins(agent.agent, surroundings, say);
  values.push(...logins.flatMap((login) => login.values));
  if (!isPlain) {
    oauth.push(...logins.flatMap((login) => login.oauth ?? []));
    opened.push(...logins.flatMap(({ keys }) => keys.map(openedKey)));
  }
  const isEmpty = opened.length + aws.length + oauth.length + logins.length === 0;
  return isEmpty ? undefined : new SessionSecrets(opened, aws, oauth, values, logins, isPlain);
}

function openedKey({ secret, value, placeholder }: LoginKey): Opened {
  return { secret, binding: bindingOf(secret, placeholder, () => value) };
}

function bindingOf(
  { name, hosts, paths, places, mode, maxUses }: ConfiguredSecret,
  placeholder: string,
  value: Binding['value'],
): Binding {
  const limits = { ...(paths === undefined ? {} : { paths }), ...(maxUses === undefined ? {} : { maxUses }) };
  return { name, hosts, places, mode, placeholder, value, ...limits };
}
