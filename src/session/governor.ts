// What rules one session once its policy is read: the warden's records and questions in, verdicts, journal and proxy out.
import { Decision } from '../decision/decision.ts';
import { ProcessTable } from '../engine/process-table.ts';
import { translate } from '../engine/translate.ts';
import type { Warden } from '../engine/warden.ts';
import type { WireConnected, WireEvent, WireProcess } from '../engine/wire-record.ts';
import { LeashError } from '../host/errors.ts';
import { cacheDir } from '../host/paths.ts';
import type { SessionFacts } from '../policy/facts.ts';
import { loadPolicies } from '../policy/load.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { SyntheticNames } from '../proxy/names/synthetic-names.ts';
import type { SessionCa } from '../proxy/tls/session-ca.ts';
import { ConnectionOwners } from './attribution.ts';
import { Network } from './network.ts';
import { agentOf, type SessionOptions, type SessionResult } from './options.ts';
import { type PolicyText, readPolicy } from './policy-file.ts';
import { answerQuestion } from './questions.ts';
import { Recorder } from './recorder.ts';
import { followPolicy } from './reload.ts';
import { guarded, sessionFacts } from './session-policy.ts';
import { checkStart, findCommand } from './start-check.ts';

type Load = (policy: PolicyText) => Promise<PolicySet>;

/** What a policy is evaluated against does not change while the session lives, so a reload only needs the text. */
function policyLoader(facts: SessionFacts, options: SessionOptions): Load {
  return (policy) => loadPolicies(guarded(policy, facts), facts, { cacheDir: cacheDir(options.env), scope: 'session' });
}

export interface GovernorOptions {
  readonly id: string;
  readonly session: SessionOptions;
  readonly agentEnv: Readonly<Record<string, string>>;
  readonly ca: SessionCa;
  /** Ends the session because it can no longer be governed. */
  readonly stop: (error: LeashError) => void;
}

export class Governor {
  readonly network: Network;
  readonly #options: SessionOptions;
  readonly #policy: PolicyText;
  readonly #load: Load;
  readonly #keep: (epoch: number, policy: PolicyText) => void;
  readonly #decision: Decision;
  readonly #recorder: Recorder;
  readonly #processes = new ProcessTable();
  readonly #names = new SyntheticNames();
  readonly #owners = new ConnectionOwners(this.#processes);
  readonly #observes: boolean;
  #unfollow = (): void => undefined;

  constructor(options: GovernorOptions, facts: SessionFacts, policy: PolicyText, load: Load, set: PolicySet) {
    const { id, session, agentEnv, ca, stop } = options;
    this.#options = session;
    this.#policy = policy;
    this.#load = load;
    this.#observes = session.mode !== 'enforce';
    const decision = new Decision(set, session.mode);
    this.#decision = decision;
    const file = findCommand(session.command[0] ?? '', session.env['PATH'], session.workspace);
    if (file !== undefined) checkStart(file, session.command, (request) => decision.decide(request));
    this.#recorder = new Recorder(id, session, policy.name, agentEnv, stop);
    this.#keep = (epoch, text) => this.#recorder.keepPolicy({ v: 1, epoch, ...guarded(text, facts), facts });
    this.#keep(decision.epoch, policy);
    this.network = new Network({
      names: this.#names,
      ca: () => ca,
      decide: (request) => decision.decide(request),
      // When nothing is stopped, a name must lead somewhere, so that what is done with it is seen.
      mayConnect: (host) => this.#observes || decision.set.mayConnect(host),
      emit: this.#recorder.emit,
      who: (port, family) => this.#owners.who(port, family),
      asker: (port, family) => this.#owners.asker(port, family),
      upstream: { resolveOverrides: session.resolve, ca: session.ca },
    });
  }

  /** Puts the policy in force and lets the agent run as soon as the listeners are served. */
  begin(warden: Warden): void {
    const { command, profiles = [], policyFile, say } = this.#options;
    warden.load(this.#decision.epoch, this.#observes, this.#decision.set.image);
    this.#recorder.note('SessionStart', command.join(' '), this.#decision.epoch);
    this.network.complete.then(
      () => warden.start(),
      (cause: unknown) => warden.abort(new LeashError('LEASH_SANDBOX_START', 'the proxy did not start', { cause })),
    );
    if (policyFile === undefined) return;
    const context = {
      file: policyFile,
      profiles,
      agent: agentOf(this.#options),
      load: this.#load,
      keep: this.#keep,
      decision: this.#decision,
      warden,
      network: this.network,
      recorder: this.#recorder,
      observes: this.#observes,
      say,
    };
    this.#unfollow = followPolicy(context, this.#policy.text);
  }

  process(process: WireProcess): void {
    this.#processes.learn(process);
  }

  event(event: WireEvent): void {
    this.#recorder.emit(translate(event, this.#processes, (request) => this.#decision.explain(request, event.epoch)));
  }

  answer(event: WireEvent): { readonly epoch: number; readonly allow: boolean } {
    const context = {
      decision: this.#decision,
      processes: this.#processes,
      names: this.#names,
      emit: this.#recorder.emit,
    };
    const allow = answerQuestion(event, context);
    return { epoch: this.#decision.epoch, allow };
  }

  connected(connected: WireConnected): void {
    this.#owners.learn(connected);
  }

  /** Closes proxy and journal. @throws {LeashError} LEASH_JOURNAL_WRITE */
  async end(status: number): Promise<Pick<SessionResult, 'allowed' | 'denied' | 'policy'>> {
    this.#unfollow();
    await this.network.close();
    this.#recorder.note('SessionEnd', this.#options.command.join(' '), this.#decision.epoch);
    await this.#recorder.close(status);
    return { allowed: this.#recorder.allowed, denied: this.#recorder.denied, policy: this.#policy.name };
  }
}

/** @throws {LeashError} LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE */
export async function govern(options: GovernorOptions): Promise<Governor> {
  const { profiles = [], policyFile } = options.session;
  const policy = readPolicy({ profiles, file: policyFile, agent: agentOf(options.session) });
  const facts = sessionFacts(options.id, options.session);
  const load = policyLoader(facts, options.session);
  const set = await load(policy);
  for (const note of set.notes) options.session.say(note);
  return new Governor(options, facts, policy, load, set);
}
