// A session's secrets and the policy in force in; the brokers that change permitted requests out, in the order in which they do it.
import type { Broker } from '../../proxy/exchange/passage.ts';
import { RewriteBroker, type RewriteOptions } from '../../proxy/exchange/rewrite-broker.ts';
import type { Ask, Decide } from '../../proxy/options.ts';
import type { SessionSecrets } from './session-secrets.ts';

export interface EditorSeams extends RewriteOptions {
  readonly decide: Decide;
  readonly ask: Ask;
  readonly alert: (text: string) => void;
}

/** What a policy sets may be replaced by a secret, and is not searched for one. */
export async function editorsOf(secrets: SessionSecrets | undefined, seams: EditorSeams): Promise<readonly Broker[]> {
  const rewriting = new RewriteBroker(seams);
  if (secrets === undefined) return [rewriting];
  const { bindings, awsBindings, oauthBindings, learned } = secrets;
  const { SecretBroker } = await import('../../proxy/secrets/broker.ts');
  const { OauthBroker } = await import('../../proxy/secrets/oauth-broker.ts');
  const { AwsBroker } = await import('../../proxy/secrets/aws-broker.ts');
  return [
    rewriting,
    ...(bindings.length === 0 ? [] : [new SecretBroker({ bindings, ...seams })]),
    ...awsBindings.map((binding) => new AwsBroker({ binding, ...seams })),
    ...oauthBindings.map((binding) => new OauthBroker({ binding, learned, ...seams })),
  ];
}
