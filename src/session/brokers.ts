// What a session wants to know of the requests of its agent in; the brokers of the proxy out, in their order, loaded with the first connection.
import { Buffer } from 'node:buffer';
import type { Decision } from '../decision/decision.ts';
import { BodyFiles, type Direction } from '../journal/body-files.ts';
import type { KeepBodies, KeptBody } from '../proxy/bodies/body-broker.ts';
import type { Broker, Detail } from '../proxy/exchange/passage.ts';
import type { McpBrokerOptions } from '../proxy/mcp/call-judge.ts';
import { bodyRedactor } from './redact-body.ts';
import { type EditorSeams, editorsOf } from './secrets/editors.ts';
import type { SessionSecrets } from './secrets/session-secrets.ts';

/** Bytes of one body that are written; what begins within them is cleaned as a whole. */
const MAX_WRITTEN = 1_048_576;

export interface Observation {
  readonly decision: Decision;
  /** The session's mode stops nothing. */
  readonly observes: boolean;
  readonly calls: () => Promise<McpBrokerOptions>;
  /** Where bodies are kept, when they are to be. */
  readonly bodies?: { readonly dir: string; readonly credentials: readonly (readonly [string, string])[] } | undefined;
}

/** Writes bodies without credentials. A failure is said in the event: nothing is stopped by a full disk here, the journal's own stops all. */
export function bodyKeeper({ dir, credentials }: NonNullable<Observation['bodies']>): KeepBodies {
  const files = new BodyFiles(dir);
  const redactor = bodyRedactor(credentials);
  let exchanges = 0;
  const written = (exchange: number, direction: Direction, body: KeptBody | undefined): Detail => {
    if (body === undefined) return {};
    const text = redactor.clean(body.content.toString('utf8'));
    const content = Buffer.from(body.isWhole ? text : text.slice(0, Math.max(0, text.length - redactor.longest)));
    const part = content.subarray(0, MAX_WRITTEN);
    const isCut = !body.isWhole || part.length < content.length;
    try {
      const file = files.write(exchange, direction, part);
      if (file === undefined) return { [`${direction}_body_lost`]: 'the session holds as many bodies as it may' };
      return {
        [`${direction}_body`]: file.name,
        [`${direction}_body_sha256`]: file.sha256,
        [`${direction}_body_type`]: body.type.slice(0, 128),
        ...(isCut && { [`${direction}_body_cut`]: true }),
      };
    } catch (error) {
      return { [`${direction}_body_lost`]: (error as NodeJS.ErrnoException).code ?? 'it could not be written' };
    }
  };
  return ({ request, response }) => {
    exchanges += 1;
    return { ...written(exchanges, 'request', request), ...written(exchanges, 'response', response) };
  };
}

/** Those that only look come first: they see what the agent sees. */
export async function brokersOf(
  { decision, observes, calls, bodies }: Observation,
  secrets: SessionSecrets | undefined,
  seams: EditorSeams,
): Promise<readonly Broker[]> {
  const { modelBroker } = await import('../proxy/model/model-broker.ts');
  const models = modelBroker({
    epoch: () => decision.epoch,
    readsModel: (host) => {
      const attentive = decision.set.looks(host).model;
      return observes && attentive === 'enforced' ? 'shadow' : attentive;
    },
  });
  const { mcpBroker } = await import('../proxy/mcp/mcp-broker.ts');
  const mcp = mcpBroker(await calls());
  const editors = await editorsOf(secrets, seams);
  if (bodies === undefined) return [models, mcp, ...editors];
  const { bodyBroker } = await import('../proxy/bodies/body-broker.ts');
  return [models, bodyBroker(bodyKeeper(bodies)), mcp, ...editors];
}
