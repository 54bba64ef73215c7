// An agent's logins on this host in; for the agent files with placeholders, for the proxy the tokens and where they may go, out.
import type { HostPattern } from '../../proxy/secrets/binding.ts';
import type { HeldLogin, OauthBinding, Token } from '../../proxy/secrets/oauth-broker.ts';
import type { Renewed } from '../../proxy/secrets/renewal.ts';
import { SecretValue } from '../../proxy/secrets/secret-value.ts';
import type { Agent, Login } from '../../sandbox/agents/agent.ts';
import { placeOf } from '../../sandbox/agents/kept.ts';
import { KEY_PROVIDERS } from '../../sandbox/agents/providers.ts';
import type { Surroundings } from '../registries/surroundings.ts';
import type { ConfiguredSecret } from '../secrets/configured.ts';
import { readLoginFile, replaceLoginFile } from './login-file.ts';
import { type Credential, type ReadLogin, readLogin, renewedText } from './login-text.ts';

/** A key that stands in a login file, with its placeholder there. */
export interface LoginKey {
  readonly secret: ConfiguredSecret;
  readonly value: SecretValue;
  readonly placeholder: string;
}

export interface OpenedLogin {
  /** Absolute path, of the host's file and of the copy in the sandbox. */
  readonly file: string;
  readonly copy: string;
  /** The host's file as it is, with the credentials. */
  readonly text: string;
  readonly oauth: OauthBinding | undefined;
  /** Where this profile is in force, the agent may connect to these hosts of its own login. */
  readonly opens: { readonly profile: string; readonly hosts: readonly string[] };
  readonly keys: readonly LoginKey[];
  readonly values: readonly SecretValue[];
}

const at443 = (name: string): HostPattern => ({ name, port: 443 });

/** Writes back what was renewed: without it, a refresh token that is good once would log the user out. */
function writesBack(
  file: string,
  first: string,
  login: Login,
  surroundings: Surroundings,
  say: (line: string) => void,
): HeldLogin['renewed'] {
  let text = first;
  return (renewed: Renewed) => {
    const next = renewedText(text, login, renewed, Date.now());
    const problem = next === undefined ? 'it is not understood' : replaceLoginFile(file, text, next, surroundings);
    if (problem === undefined && next !== undefined) {
      text = next;
      say(`the agent renewed the login in ${file}; the new one was written there`);
    } else
      say(
        `the agent renewed the login in ${file}, but it was not written there: ${problem}; log in again if the old one fails`,
      );
  };
}

function oauthOf(login: Login, { tokens }: ReadLogin, renewed: HeldLogin['renewed']): OauthBinding | undefined {
  const token = ({ value, placeholder }: Credential): Token => ({
    value: new SecretValue(login.name, value),
    placeholder,
  });
  const held = Object.entries(tokens).map(([name, credential]) => [name, token(credential)] as const);
  if (held.length === 0) return undefined;
  return {
    name: login.name,
    endpoints: [{ ...at443(login.endpoint.host), path: login.endpoint.path }],
    hosts: login.hosts.map(at443),
    held: { tokens: held.map(([, each]) => each), refresh: new Map(held).get('refresh_token'), renewed },
  };
}

function keyOf(login: Login, profile: string, variable: string, { value, placeholder }: Credential): LoginKey {
  const name = `${login.name}-${variable}`;
  const provider = KEY_PROVIDERS[variable];
  if (provider === undefined) throw new Error(`no provider for ${variable}`);
  const source = { kind: 'env', variable } as const;
  const hosts = provider.hosts.map(at443);
  const secret = { name, source, hosts, places: provider.places, mode: 'replace', isAutomatic: true } as const;
  const opens = { profile, hosts: provider.hosts };
  return { secret: { ...secret, opens }, value: new SecretValue(name, value), placeholder };
}

/** One line for a file that is there and is not used: it stays out of the sandbox. */
export function openLogins(
  { logins, profile }: Agent,
  surroundings: Surroundings,
  say: (line: string) => void,
): readonly OpenedLogin[] {
  return logins.flatMap((login): readonly OpenedLogin[] => {
    if (login.insteadOfFile !== undefined && surroundings.env[login.insteadOfFile]) return [];
    const file = placeOf(login.file, surroundings.env, surroundings.home);
    const found = readLoginFile(file, surroundings);
    if (found === undefined) return [];
    const read = 'problem' in found ? found : readLogin(found.text, login);
    if (read === undefined) return [];
    if ('problem' in read || 'problem' in found) {
      say(`the login in ${file} is not available to the agent: ${'problem' in read ? read.problem : ''}`);
      return [];
    }
    const oauth = oauthOf(login, read, writesBack(file, found.text, login, surroundings, say));
    const opens = { profile, hosts: [...new Set([login.endpoint.host, ...login.hosts])] };
    const keys = Object.entries(read.keys).map(([variable, credential]) => keyOf(login, profile, variable, credential));
    const values = [...(oauth?.held?.tokens ?? []), ...keys].map(({ value }) => value);
    return [{ file, copy: read.copy, text: found.text, oauth, opens, keys, values }];
  });
}
