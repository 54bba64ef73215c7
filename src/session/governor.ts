// What rules one session once its policy is read: the warden's records and questions in, verdicts, journal and proxy out.
import { Decision } from '../decision/decision.ts';
import { ProcessTable } from '../engine/process-table.ts';
import { translate } from '../engine/translate.ts';
import type { Warden } from '../engine/warden.ts';
import type { WireConnected, WireEvent, WireProcess } from '../engine/wire-record.ts';
import { LeashError } from '../host/errors.ts';
import { cacheDir } from '../host/paths.ts';
import { BackgroundCompiler } from '../policy/background.ts';
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
import { factsFor, guarded, sessionFacts } from './session-policy.ts';
import { checkStart, findCommand } from './start-check.ts';

/** Milliseconds after the start until the policy is compiled once more, aside, so that the first edit finds its statements known. */
const WARM_AFTER = 1_000;

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
  readonly #keep: (epoch: number, policy: PolicyText) => void;
  readonly #decision: Decision;
  readonly #recorder: Recorder;
  readonly #processes = new ProcessTable();
  readonly #names = new SyntheticNames();
  readonly #owners = new ConnectionOwners(this.#processes);
  readonly #observes: boolean;
  /** With the registries that the text loaded last speaks of. */
  #facts: SessionFacts;
  #unfollow = (): Promise<void> => Promise.resolve();

  constructor(options: GovernorOptions, facts: SessionFacts, policy: PolicyText, set: PolicySet) {
    const { id, session, agentEnv, ca, stop } = options;
    this.#options = session;
    this.#policy = policy;
    this.#facts = facts;
    this.#observes = session.mode !== 'enforce';
    const decision = new Decision(set, session.mode);
    this.#decision = decision;
    const file = findCommand(session.command[0] ?? '', session.env['PATH'], session.workspace);
    if (file !== undefined) checkStart(file, session.command, (request) => decision.decide(request), set.readsContent);
    this.#recorder = new Recorder(id, session, policy.name, agentEnv, stop);
    this.#keep = (epoch, text) =>
      this.#recorder.keepPolicy({ v: 1, epoch, ...guarded(text, this.#facts), facts: this.#facts });
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
    const { command } = this.#options;
    const { epoch, set } = this.#decision;
    warden.load({ epoch, observe: this.#observes, hash: set.readsContent }, set.image);
    this.#recorder.note('SessionStart', command.join(' '), this.#decision.epoch);
    this.network.complete.then(
      () => warden.start(),
      (cause: unknown) => warden.abort(new LeashError('LEASH_SANDBOX_START', 'the proxy did not start', { cause })),
    );
    this.#follow(warden);
  }

  /** What a policy is evaluated against does not change while the session lives, so an edit only needs the text. */
  #follow(warden: Warden): void {
    const { profiles = [], policyFile, say } = this.#options;
    if (policyFile === undefined) return;
    const compiler = new BackgroundCompiler();
    const load = async (policy: PolicyText): Promise<PolicySet> => {
      this.#facts = await factsFor(policy.text, this.#facts, this.#options);
      return compiler.load(guarded(policy, this.#facts), this.#facts);
    };
    const warmUp = setTimeout(() => load(this.#policy).catch(() => undefined), WARM_AFTER);
    warmUp.unref();
    const context = {
      file: policyFile,
      profiles,
      agent: agentOf(this.#options),
      load,
      keep: this.#keep,
      decision: this.#decision,
      warden,
      network: this.network,
      recorder: this.#recorder,
      observes: this.#observes,
      say,
    };
    const unfollow = followPolicy(context, this.#policy.text);
    this.#unfollow = () => {
      clearTimeout(warmUp);
      unfollow();
      return compiler.close();
    };
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
    await this.#unfollow();
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
  const facts = await factsFor(policy.text, sessionFacts(options.id, options.session), options.session);
  const set = await loadPolicies(guarded(policy, facts), facts, {
    cacheDir: cacheDir(options.session.env),
    scope: 'session',
  });
  for (const note of set.notes) options.session.say(note);
  return new Governor(options, facts, policy, set);
}
