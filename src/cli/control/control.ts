// Where the control API is to be, and a session, in; the session's place at it, taken once the agent is well on its way, out.
import path from 'node:path';
import type { ListenAddress } from '../../api/listen-address.ts';
import type { Seat } from '../../api/seat.ts';
import { PACKAGE_ROOT, stateDir } from '../../host/paths.ts';
import type { TokenScope } from '../../schema/api.ts';
import type { SessionOptions } from '../../session/options.ts';

/** Milliseconds after the agent's first: a command that is over sooner does not pay for an API that nobody could look at. */
const TAKEN_AFTER = 300;

export interface ControlOptions {
  /** Of programs that Leash itself runs: `outsideEnv`. */
  readonly env: NodeJS.ProcessEnv;
  /** A person wants the page of the session. */
  readonly opens: boolean;
  readonly say: (line: string) => void;
}

export const PAGES: string = path.join(PACKAGE_ROOT, 'dist/ui');

/** What programs that the hub runs are told: where things are, and no key. */
const OF_PROGRAMS = [
  ...['PATH', 'HOME', 'XDG_RUNTIME_DIR', 'DOCKER_HOST'],
  ...['LEASH_NATIVE_DIR', 'LEASH_BACKEND', 'LEASH_WORKSPACE'],
] as const;

function ofPrograms(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(OF_PROGRAMS.flatMap((name): [string, string][] => (env[name] ? [[name, env[name]]] : [])));
}

/** @throws {LeashError} LEASH_API_KEY */
export async function takeSeat(
  address: ListenAddress,
  { env, say }: Pick<ControlOptions, 'env' | 'say'>,
): Promise<Seat> {
  const [{ Seat: Taken }, { userKey }] = await Promise.all([
    import('../../api/seat.ts'),
    import('../../api/user-key.ts'),
  ]);
  const state = stateDir(env);
  return new Taken({ address, stateDir: state, pages: PAGES, env: ofPrograms(env), key: userKey(state), say });
}

async function openPage(seat: Seat, address: ListenAddress, scope: TokenScope, env: NodeJS.ProcessEnv): Promise<void> {
  if ((await seat.served) === 'nobody') return;
  const { showPage } = await import('./show-page.ts');
  showPage(address, scope, env);
}

export function control(address: ListenAddress, options: ControlOptions): NonNullable<SessionOptions['control']> {
  return {
    port: address.port,
    take: (id, begun, openDoor) => {
      let seat: Promise<Seat | undefined> | undefined;
      let timer: NodeJS.Timeout | undefined;
      let isOver = false;
      const begin = (): void => {
        // The hub may be another session's: it comes by this door.
        openDoor();
        seat = takeSeat(address, options).catch((error: unknown) => {
          options.say(`this session has no control API: ${error instanceof Error ? error.message : String(error)}`);
          return undefined;
        });
        if (options.opens) void seat.then((taken) => taken && openPage(taken, address, `session:${id}`, options.env));
      };
      void begun.then(() => {
        if (!isOver) timer = setTimeout(begin, TAKEN_AFTER).unref();
      });
      return {
        close: async () => {
          isOver = true;
          clearTimeout(timer);
          await (await seat)?.close();
        },
      };
    },
  };
}
