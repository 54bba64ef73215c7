// What a person can say of a secret: where its value comes from, and where it may go.
import type { HostPattern, Place } from '../../proxy/secrets/binding.ts';
import type { TokenEndpoint } from '../../proxy/secrets/oauth-broker.ts';

export type Source =
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'file'; readonly file: string }
  /** Words of a command line; `ttl`: seconds its output is good for, without end when absent. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly ttl?: number }
  /** What these servers issue to an agent that logs in. */
  | { readonly kind: 'oauth'; readonly endpoints: readonly TokenEndpoint[] }
  /** Attributes of an item of the Secret Service, as `secret-tool lookup` takes them. */
  | { readonly kind: 'keyring'; readonly attributes: readonly (readonly [string, string])[]; readonly ttl?: number };

export interface ConfiguredSecret {
  readonly name: string;
  readonly source: Source;
  readonly hosts: readonly HostPattern[];
  readonly places: readonly Place[];
  readonly mode: 'replace' | 'inject';
  readonly paths?: readonly string[];
  /** The user under which git in the sandbox offers the placeholder to these hosts. */
  readonly gitUser?: string;
  /** The variable that holds the placeholder in the sandbox. */
  readonly variable?: string;
  /** How a value that is fetched only when it is needed begins. */
  readonly prefix?: string;
  /** Credentials of AWS: requests are signed with them. */
  readonly isAws?: boolean;
  readonly maxUses?: number;
  /** Made by Leash for an agent's own key, and not by a person. */
  readonly isAutomatic?: boolean;
  /** Where this profile of Leash is in force, the agent may connect to these hosts of its own key. */
  readonly opens?: { readonly profile: string; readonly hosts: readonly string[] };
}

/** For a list: where a value comes from, without the value and without arguments, which may hold one. */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'env':
      return `env ${source.variable}`;
    case 'file':
      return `file ${source.file}`;
    case 'command':
      return `command ${source.argv[0] ?? ''}`;
    case 'oauth':
      return `oauth ${source.endpoints.map(({ name }) => name).join(', ')}`;
    case 'keyring':
      return `keyring ${source.attributes.map(([key]) => key).join(', ')}`;
  }
}
