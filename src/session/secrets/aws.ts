// AWS credentials of the environment in; what the agent's clients sign with, and what the proxy signs with instead, out.
import type { AwsBinding } from '../../proxy/secrets/aws-broker.ts';
import { makePlaceholder } from '../../proxy/secrets/placeholder.ts';
import { SecretValue, valueObjection } from '../../proxy/secrets/secret-value.ts';
import type { ConfiguredSecret } from './configured.ts';

type Env = Readonly<Record<string, string | undefined>>;

export const AWS_SECRET_KEY = 'AWS_SECRET_ACCESS_KEY';
const KEY_ID = 'AWS_ACCESS_KEY_ID';
const TOKEN = 'AWS_SESSION_TOKEN';
/** No credentials, and without them clients do not know where to go. */
const PASSED = ['AWS_REGION', 'AWS_DEFAULT_REGION'] as const;

export interface OpenedAws {
  readonly binding: AwsBinding;
  readonly variables: Readonly<Record<string, string>>;
  /** In order: placeholders of these are in the binding. */
  readonly values: readonly SecretValue[];
}

/** The credentials, or why there are none. */
export function openAws({ name, hosts }: ConfiguredSecret, env: Env): OpenedAws | { readonly problem: string } {
  const [keyId, secretKey, token] = [KEY_ID, AWS_SECRET_KEY, TOKEN].map((variable) => env[variable] || undefined);
  if (keyId === undefined || secretKey === undefined)
    return { problem: `${KEY_ID} and ${AWS_SECRET_KEY} are not both set` };
  const wrong = [keyId, secretKey, token ?? secretKey].map(valueObjection).find((problem) => problem !== undefined);
  if (wrong !== undefined) return { problem: wrong };
  const part = (text: string): { readonly placeholder: string; readonly value: SecretValue } => ({
    placeholder: makePlaceholder(text),
    value: new SecretValue(name, text),
  });
  const parts = {
    keyId: part(keyId),
    secretKey: part(secretKey),
    ...(token === undefined ? {} : { sessionToken: part(token) }),
  };
  const variables = {
    [KEY_ID]: parts.keyId.placeholder,
    [AWS_SECRET_KEY]: parts.secretKey.placeholder,
    ...(parts.sessionToken && { [TOKEN]: parts.sessionToken.placeholder }),
    ...Object.fromEntries(PASSED.flatMap((variable) => (env[variable] ? [[variable, env[variable]]] : []))),
  };
  const values = [parts.secretKey.value, ...(parts.sessionToken ? [parts.sessionToken.value] : [])];
  return { binding: { name, hosts, ...parts }, variables, values };
}
