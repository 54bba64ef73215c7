// A state folder and an address in; the API of all sessions of the user, served there, out.
import path from 'node:path';
import { announceHub } from '../../session/hub-addresses.ts';
import type { ListenAddress } from '../listen-address.ts';
import { userKey } from '../user-key.ts';
import { byToken, createApp } from './app.ts';
import { CHANGE_ROUTES } from './changes.ts';
import { COMPATIBLE_ROUTES } from './compatible.ts';
import { COMPLETION_ROUTES } from './completions.ts';
import { DOCTOR_ROUTES } from './doctor.ts';
import { eventRoutes } from './events.ts';
import { learnRoutes } from './learn.ts';
import { openApiRoute } from './openapi.ts';
import { pagesOf } from './pages.ts';
import { POLICY_ROUTES } from './policy.ts';
import { presenceRoutes } from './presence.ts';
import { questionRoutes } from './questions.ts';
import { reportRoutes } from './report.ts';
import type { HubEnv, Route } from './route.ts';
import { type Serving, serve, serveOnSocket } from './server.ts';
import { SESSION_ROUTES } from './sessions.ts';
import { StreamLimit } from './stream-limit.ts';

/** Each reads a journal of its own, up to ten times a second. */
const STREAMS_MAX = 64;
/** Sessions that wait to take over. */
const WAITING_MAX = 512;

export interface HubOptions {
  readonly address: ListenAddress;
  readonly stateDir: string;
  /** Of the built user interface; it may be missing. */
  readonly pages: string;
  /** For the programs that routes run; nothing secret. */
  readonly env: HubEnv;
}

/** @param pages folder of the built interface. */
export function hubRoutes(closing: AbortSignal, pages: string): readonly Route[] {
  const streams = new StreamLimit(STREAMS_MAX);
  const routes = [
    ...presenceRoutes(new StreamLimit(WAITING_MAX)),
    ...SESSION_ROUTES,
    ...eventRoutes(streams, closing),
    ...reportRoutes(streams, pages),
    ...questionRoutes(streams),
    ...POLICY_ROUTES,
    ...learnRoutes(),
    ...COMPLETION_ROUTES,
    ...CHANGE_ROUTES,
    ...DOCTOR_ROUTES,
    ...COMPATIBLE_ROUTES,
  ];
  return [...routes, openApiRoute(routes)];
}

/**
 * @param freed resolves when the address is free for it
 * @throws {LeashError} LEASH_API_KEY; the system's error where the address cannot be had (EADDRINUSE)
 */
export async function openHub(
  { address, stateDir, pages, env }: HubOptions,
  freed: () => Promise<void> = () => Promise.resolve(),
): Promise<Serving> {
  const ending = new AbortController();
  const closing = ending.signal;
  const hub = { address, key: userKey(stateDir), sessionsDir: path.join(stateDir, 'sessions'), env, closing };
  const routes = hubRoutes(closing, pages);
  const page = pagesOf(pages);
  // Before it listens: no agent reaches it for even a moment.
  const withdraw = announceHub(stateDir, address.port);
  try {
    const app = createApp(routes, hub, page, byToken(hub));
    await freed();
    const serving = await serve(app, address);
    // Who reaches the socket is the user. Without it there is still the address.
    const local = await serveOnSocket(
      createApp(routes, hub, page, () => 'user'),
      stateDir,
    ).catch(() => undefined);
    return {
      close: async () => {
        ending.abort();
        await Promise.all([serving.close(), local?.close()]);
        withdraw();
      },
    };
  } catch (error) {
    withdraw();
    throw error;
  }
}
