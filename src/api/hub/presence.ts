// A nonce in, the proof that this hub belongs to the user who asks out; and a connection that lasts as long as the hub.
import { API_ROOT } from '../../schema/api.ts';
import { proofOf, tokenFor } from '../access.ts';
import { listenText } from '../listen-address.ts';
import { type Route, route } from './route.ts';
import { proofQuery } from './schemas.ts';
import type { StreamLimit } from './stream-limit.ts';

const PRESENCE_PATH = `${API_ROOT}/hub`;
const WAIT_PATH = `${PRESENCE_PATH}/wait`;

async function* presence(proof: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  yield `${JSON.stringify({ proof })}\n`;
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

type Scope = Parameters<typeof tokenFor>[0];

export function presenceRoutes(limit: StreamLimit): readonly Route[] {
  const proof = (hub: Parameters<Route['answer']>[0]['hub'], { scope, nonce }: { scope: string; nonce: string }) =>
    proofOf(tokenFor(scope as Scope, hub.key), listenText(hub.address), nonce);
  return [
    route({
      method: 'GET',
      path: '/healthz',
      access: 'open',
      summary: 'Says `ok`',
      answer: () => ({ text: 'ok\n' }),
    }),
    route({
      method: 'GET',
      path: PRESENCE_PATH,
      access: 'open',
      summary:
        'Proves that the hub knows a token, without being told it: `{"proof"}`, HMAC-SHA256 of address and nonce',
      query: proofQuery,
      answer: ({ hub, query }) => ({ body: { proof: proof(hub, query) } }),
    }),
    route({
      method: 'GET',
      path: WAIT_PATH,
      access: 'open',
      summary: 'The same, and a response that ends with the hub: sessions wait on it, to take over',
      query: proofQuery,
      answer: ({ hub, query, signal }) => ({
        stream: limit.counted(presence(proof(hub, query), signal)),
        type: 'application/x-ndjson',
      }),
    }),
  ];
}
