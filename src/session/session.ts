// One run of one agent: options in, the agent's exit status and the session's totals out. Wires policy, sandbox, engine, proxy and journal.
import os from 'node:os';
import path from 'node:path';
import { Decision } from '../decision/decision.ts';
import { ProcessTable } from '../engine/process-table.ts';
import { translate } from '../engine/translate.ts';
import { FIRST_DATA_DESCRIPTOR, Warden } from '../engine/warden.ts';
import { LeashError } from '../host/errors.ts';
import { cacheDir, configDir, dataDir, nativePath, stateDir } from '../host/paths.ts';
import { newSessionId } from '../journal/session-id.ts';
import { loadPolicies } from '../policy/load.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { SyntheticNames } from '../proxy/names/synthetic-names.ts';
import { createSessionCa } from '../proxy/tls/session-ca.ts';
import { bubblewrapPlan } from '../sandbox/bubblewrap.ts';
import type { SandboxPlan } from '../sandbox/plan.ts';
import { ConnectionOwners } from './attribution.ts';
import { Network } from './network.ts';
import type { SessionOptions, SessionResult } from './options.ts';
import { type PolicyText, readPolicy } from './policy-file.ts';
import { answerQuestion } from './questions.ts';
import { Recorder, userName } from './recorder.ts';
import { followPolicy } from './reload.ts';
import { forwardSignals } from './signals.ts';
import { checkStart, findCommand } from './start-check.ts';

function homeOf(options: SessionOptions): string {
  return options.env['HOME'] || os.homedir();
}

/** What a policy is evaluated against does not change while the session lives, so a reload only needs the text. */
function policyLoader(id: string, options: SessionOptions): (policy: PolicyText) => Promise<PolicySet> {
  const facts = {
    agent: path.basename(options.command[0] ?? ''),
    session: id,
    user: userName(),
    workspace: options.workspace,
    home: homeOf(options),
    tmp: '/tmp',
  };
  return (policy) => loadPolicies(policy, facts, { cacheDir: cacheDir(options.env) });
}

function sandboxPlan(options: SessionOptions, caPem: string): SandboxPlan {
  const { env } = options;
  const request = {
    workspace: options.workspace,
    home: homeOf(options),
    command: options.command,
    env,
    extraEnv: options.extraEnv,
    caPem,
    entryProgram: nativePath('leash-entry', env),
    shown: [path.join(dataDir(env), 'agents')],
    hidden: [stateDir(env), cacheDir(env), configDir(env)],
  };
  return bubblewrapPlan(request, options.bubblewrap, FIRST_DATA_DESCRIPTOR);
}

/** What the agent may do, found good, and where it is written down. */
interface Governance {
  readonly decision: Decision;
  readonly recorder: Recorder;
}

/** @throws {LeashError} LEASH_POLICY_INVALID, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE */
async function govern(
  id: string,
  options: SessionOptions,
  policy: PolicyText,
  set: PolicySet,
  agentEnv: SandboxPlan['env'],
  stop: (error: LeashError) => void,
): Promise<Governance> {
  for (const note of set.notes) options.say(note);
  const decision = new Decision(set, options.mode);
  const file = findCommand(options.command[0] ?? '', options.env['PATH'], options.workspace);
  if (file !== undefined) checkStart(file, options.command, (request) => decision.decide(request));
  return { decision, recorder: new Recorder(id, options, policy.name, agentEnv, stop) };
}

/**
 * Runs the agent to its end. The sandbox is built while the policy is read: it holds nothing but the entry process, which waits for a table
 * in force and served listeners before there is an agent.
 * @throws {LeashError} before the agent is started: LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE
 */
export async function runSession(options: SessionOptions): Promise<SessionResult> {
  const id = newSessionId();
  const policy = readPolicy(options.policyFile);
  const load = policyLoader(id, options);
  const observes = options.mode !== 'enforce';
  const processes = new ProcessTable();
  const names = new SyntheticNames();
  const owners = new ConnectionOwners(processes);
  const ca = createSessionCa();
  const plan = sandboxPlan(options, ca.certificatePem);

  const warden: Warden = new Warden(
    { program: nativePath('leash-warden', options.env), command: plan.command, env: plan.env, data: plan.data },
    {
      process: (process) => processes.learn(process),
      event: (event) => recorder.emit(translate(event, processes, (request) => decision.decide(request))),
      query: (event) => {
        const allow = answerQuestion(event, { decision, processes, names, emit: recorder.emit });
        warden.answer(event.id, decision.epoch, allow);
      },
      connected: (connected) => owners.learn(connected),
      listener: (name, handle) => network.serve(name, handle),
    },
  );
  const network = new Network({
    names,
    ca: () => ca,
    decide: (request) => decision.decide(request),
    // When nothing is stopped, a name must lead somewhere, so that what is done with it is seen.
    mayConnect: (host) => observes || decision.set.mayConnect(host),
    emit: (event) => recorder.emit(event),
    who: (port, family) => owners.who(port, family),
    asker: (port, family) => owners.asker(port, family),
    upstream: { resolveOverrides: options.resolve, ca: options.ca },
  });
  const { decision, recorder } = await load(policy)
    .then((set) => govern(id, options, policy, set, plan.env, (error) => warden.abort(error)))
    .catch(async (error: unknown) => {
      warden.abort();
      await Promise.all([warden.ended, network.close()]);
      throw error;
    });

  warden.load(decision.epoch, observes, decision.set.image);
  recorder.note('SessionStart', options.command.join(' '), decision.epoch);
  network.complete.then(
    () => warden.start(),
    (cause: unknown) => warden.abort(new LeashError('LEASH_SANDBOX_START', 'the proxy did not start', { cause })),
  );
  const unfollow = options.policyFile
    ? followPolicy(
        { ...options, file: options.policyFile, load, decision, warden, network, recorder, observes },
        policy.text,
      )
    : () => undefined;
  const unforward = forwardSignals(warden);
  const end = await warden.ended;
  unfollow();
  unforward();
  await network.close();
  recorder.note('SessionEnd', options.command.join(' '), decision.epoch);
  await recorder.close(end.status);
  return {
    id,
    status: end.status,
    ...(end.failure && { failure: end.failure }),
    allowed: recorder.allowed,
    denied: recorder.denied,
    policy: policy.name,
  };
}
