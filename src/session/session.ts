// One run of one agent: options in, the agent's exit status and the session's totals out.
import path from 'node:path';
import { FIRST_DATA_DESCRIPTOR, Warden } from '../engine/warden.ts';
import { LeashError } from '../host/errors.ts';
import { cacheDir, configDir, dataDir, nativePath, stateDir } from '../host/paths.ts';
import { newSessionId } from '../journal/session-id.ts';
import { mentionedRoles } from '../policy/facts.ts';
import { createSessionCa } from '../proxy/tls/session-ca.ts';
import { bubblewrapPlan } from '../sandbox/bubblewrap.ts';
import type { SandboxPlan } from '../sandbox/plan.ts';
import type { Governor } from './governor.ts';
import { agentOf, homeOf, type SessionOptions, type SessionResult } from './options.ts';
import { readPolicy } from './policy-file.ts';
import { TELLS_NOTHING, type Told } from './registries/told.ts';
import { forwardSignals } from './signals.ts';

/** What package managers inside are told about the user's registries, if the policy speaks of any. The default profiles do not. */
async function toldRegistries(options: SessionOptions): Promise<Told> {
  const { profiles = [], policyFile: file } = options;
  if (profiles.length === 0 && file === undefined) return TELLS_NOTHING;
  const { text } = readPolicy({ profiles, file, agent: agentOf(options) });
  if (mentionedRoles(text).length === 0) return TELLS_NOTHING;
  return (await (await import('./registries/for-session.ts')).registriesOf(text, options)).told;
}

function sandboxPlan(options: SessionOptions, caPem: string, told: Told): SandboxPlan {
  const { env } = options;
  const request = {
    workspace: options.workspace,
    home: homeOf(options),
    command: options.command,
    env,
    extraEnv: { ...told.env, ...options.extraEnv },
    files: told.files,
    caPem,
    entryProgram: nativePath('leash-entry', env),
    shown: [path.join(dataDir(env), 'agents')],
    hidden: [stateDir(env), cacheDir(env), configDir(env)],
  };
  return bubblewrapPlan(request, options.bubblewrap, FIRST_DATA_DESCRIPTOR);
}

/**
 * Runs the agent to its end. The sandbox is built while the modules that govern it are loaded and the policy is read: until then it holds
 * nothing but the entry process, which waits for a table in force and served listeners.
 * @throws {LeashError} before the agent is started: LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE
 */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const id = newSessionId();
  const ca = createSessionCa();
  const plan = sandboxPlan(options, ca.certificatePem, await toldRegistries(options));
  let governor: Governor | undefined;
  const governed = (): Governor => {
    if (governor === undefined) throw new LeashError('LEASH_WIRE_RECORD', 'a record came before the agent was let go');
    return governor;
  };

  const warden: Warden = new Warden(
    {
      program: nativePath('leash-warden', options.env),
      command: plan.command,
      agent: options.command[0] ?? '',
      env: plan.env,
      data: plan.data,
    },
    {
      process: (process) => governed().process(process),
      event: (event) => governed().event(event),
      query: (event) => {
        const { epoch, allow } = governed().answer(event);
        warden.answer(event.id, epoch, allow);
      },
      connected: (connected) => governed().connected(connected),
      listener: (name, handle) => {
        loading.then(
          ({ network }) => network.serve(name, handle),
          () => handle.close(), // an open listener would keep this process alive
        );
      },
    },
  );
  const loading = import('./governor.ts').then(({ govern }) =>
    govern({ id, session: options, agentEnv: plan.env, ca, stop: (error) => warden.abort(error) }),
  );
  try {
    governor = await loading;
  } catch (error) {
    warden.abort();
    await warden.ended;
    throw error;
  }
  governor.begin(warden);
  const unforward = forwardSignals(warden);
  const end = await warden.ended;
  unforward();
  const totals = await governor.end(end.status);
  return { id, status: end.status, ...(end.failure && { failure: end.failure }), ...totals };
}
