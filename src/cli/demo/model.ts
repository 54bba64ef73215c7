// A script in; a scripted model that answers as api.anthropic.com on a loopback port, and the root of its certificate, out.
import { once } from 'node:events';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LeashError } from '../../host/errors.ts';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import { createSessionCa } from '../../proxy/tls/session-ca.ts';
import type { Script } from './script.ts';

export const MODEL_HOST = 'api.anthropic.com';

/** What test/fixtures/scripted-model/server.mjs logs of a request, as far as the demo reads it. */
interface Exchange {
  readonly results?: readonly { readonly text: string }[];
}

interface ModelModule {
  readonly checkScript: (script: unknown) => unknown;
  readonly createModelServer: (options: object) => Server;
}

export interface Model {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly caCertificate: string;
  /** Everything the tools of the agent have told the model so far. */
  readonly learned: () => string;
  readonly close: () => void;
}

async function loadModule(): Promise<ModelModule> {
  const load = (name: string): Promise<Partial<ModelModule>> =>
    import(pathToFileURL(path.join(PACKAGE_ROOT, 'test/fixtures/scripted-model', name)).href);
  const [script, server] = await Promise.all([load('script.mjs'), load('server.mjs')]);
  return { ...script, ...server } as ModelModule;
}

/** Starts the model. The caller closes it. */
export async function startModel(script: Script): Promise<Model> {
  const { checkScript, createModelServer } = await loadModule();
  const ca = createSessionCa();
  let latest: Exchange = {};
  const server = createModelServer({
    script: checkScript(script),
    log: (exchange: Exchange) => {
      // Each request repeats the whole conversation.
      if (exchange.results !== undefined && exchange.results.length > 0) latest = exchange;
    },
    tls: {
      SNICallback: (name: string, done: (error: Error | null, context?: unknown) => void) =>
        name === MODEL_HOST ? done(null, ca.contextFor(name)) : done(new Error(`unexpected server name ${name}`)),
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw new LeashError('LEASH_PORT_NONE', `the scripted model found no port on 127.0.0.1 (${cause.code})`, { cause });
  });
  return {
    port: (server.address() as AddressInfo).port,
    caCertificate: ca.certificatePem,
    learned: () => (latest.results ?? []).map(({ text }) => text).join('\n'),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
