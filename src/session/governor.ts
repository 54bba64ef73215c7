// What rules one session once its policy is read: the warden's records and questions in, verdicts, journal and proxy out.
import { Approvals } from '../decision/approvals.ts';
import { Decision } from '../decision/decision.ts';
import { KeptApprovals } from '../decision/kept-approvals.ts';
import { ProcessTable } from '../engine/process-table.ts';
import { translate } from '../engine/translate.ts';
import type { Warden } from '../engine/warden.ts';
import { OPERATION } from '../engine/wire-layout.ts';
import type { TableOrder } from '../engine/wire-order.ts';
import type { WireConnected, WireDatagram, WireEvent, WireProcess } from '../engine/wire-record.ts';
import { LeashError } from '../host/errors.ts';
import { cacheDir, configDir } from '../host/paths.ts';
import { BackgroundCompiler } from '../policy/background.ts';
import type { SessionFacts } from '../policy/facts.ts';
import { loadPolicies } from '../policy/load.ts';
import type { PolicySet } from '../policy/policy-set.ts';
import { SyntheticNames } from '../proxy/names/synthetic-names.ts';
import type { DatagramAnswers, UpstreamOptions } from '../proxy/options.ts';
import type { SessionCa } from '../proxy/tls/session-ca.ts';
import type { Declarations } from '../sandbox/mcp-servers/declared.ts';
import type { ConnectRequest, Program } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import { ConnectionOwners } from './attribution.ts';
import type { Denials } from './denials.ts';
import { HeldCalls, type HeldCallsContext, subjectNow } from './held-calls.ts';
import { HeldRequests } from './held-requests.ts';
import type { LimitMet } from './limits.ts';
import { laterCallOptions } from './mcp/later-call-options.ts';
import { Network } from './network.ts';
import { networkRules } from './network-rules.ts';
import { agentOf, type Door, policyChoice, type SessionOptions, type SessionResult } from './options.ts';
import { type PolicyText, readPolicy } from './policy-file.ts';
import { PortRecords } from './ports/port-records.ts';
import { type Answer, answerQuestion } from './questions.ts';
import { Recorder } from './recorder.ts';
import { credentialsIn, redactor } from './redact.ts';
import { type FollowedPolicy, followPolicy } from './reload.ts';
import type { SessionSecrets } from './secrets/session-secrets.ts';
import type { AgentServers } from './servers/agent-servers.ts';
import { declaredFor, serversOf } from './servers/session-servers.ts';
import { type Beside, factsFor, guarded, recorded, sessionFacts } from './session-policy.ts';
import { permitFurther, permitStart } from './start-check.ts';
import { mayStayClosed, remedies } from './tls.ts';
import { upstreamOf } from './upstream.ts';
import { statementsBeside } from './volumes.ts';
import { withdrawnEvents } from './withdrawn.ts';

/** Milliseconds after the start until the policy is compiled once more, aside, so that the first edit finds its statements known. */
const WARM_AFTER = 1_000;

export interface GovernorOptions {
  readonly id: string;
  readonly session: SessionOptions;
  readonly agentEnv: Readonly<Record<string, string>>;
  readonly ca: SessionCa;
  /** What the agent is told of what is denied to it. */
  readonly denials?: Denials;
  /** What the agent may use without holding it. */
  readonly secrets?: SessionSecrets | undefined;
  /** Ends the session because it can no longer be governed. */
  readonly stop: (error: LeashError) => void;
  /** Begins a held call again. */
  readonly resume: (call: bigint) => void;
  readonly answers: DatagramAnswers;
}

export class Governor {
  readonly network: Network;
  readonly ports: PortRecords;
  readonly servers: AgentServers;
  readonly permit: ReturnType<typeof permitFurther>;
  readonly #options: SessionOptions;
  readonly #policy: PolicyText;
  /** Statements that the user's secrets and volumes add to any policy. */
  readonly #beside: Beside;
  readonly #keep: (epoch: number, policy: PolicyText) => void;
  readonly #decision: Decision;
  readonly #recorder: Recorder;
  readonly #processes = new ProcessTable();
  readonly #names = new SyntheticNames();
  readonly #owners = new ConnectionOwners(this.#processes);
  readonly #observes: boolean;
  readonly #approvals: Approvals;
  readonly #asking: HeldCallsContext;
  readonly #held: HeldCalls;
  #endCalls = (): Promise<void> => Promise.resolve();
  #door: Promise<Door | undefined> | undefined;
  /** With the registries that the text loaded last speaks of. */
  #facts: SessionFacts;
  #followed: FollowedPolicy | undefined;
  #unfollow = (): void => undefined;
  #isEnding = false;

  constructor(
    options: GovernorOptions,
    facts: SessionFacts,
    policy: PolicyText,
    set: PolicySet,
    upstream: UpstreamOptions,
    declared: Declarations,
  ) {
    const { id, session, agentEnv, ca, secrets, stop, resume, answers } = options;
    this.#beside = statementsBeside(session, secrets);
    this.#options = session;
    this.#policy = policy;
    this.#facts = facts;
    this.#observes = session.mode !== 'enforce';
    const decision = new Decision(set, session.mode, session.isOffline);
    this.#decision = decision;
    permitStart(session, decision);
    const hidden = redactor(agentEnv, () => secrets?.known() ?? []);
    this.#recorder = new Recorder(id, session, policy.name, hidden, stop, options.denials);
    this.permit = permitFurther(session, decision, this.#recorder);
    this.#keep = (epoch, text) => this.#recorder.keepPolicy(recorded(epoch, text, this.#facts, this.#beside));
    this.#keep(decision.epoch, policy);
    this.ports = new PortRecords(this.#recorder, this.#owners, decision);
    this.#approvals = new Approvals({
      timeout: session.asking?.timeout ?? 0,
      kept: new KeptApprovals(configDir(session.env), session.say),
      opened: (question) => void this.openDoor().then((door) => door && session.asking?.tell(question, id)),
      withdrawn: (asked, approval) => {
        for (const event of withdrawnEvents(asked, approval, decision.epoch)) this.#recorder.emit(event);
      },
    });
    this.#asking = { agent: agentOf(session), decision, approvals: this.#approvals };
    this.#held = new HeldCalls(this.#asking, resume);
    const requests = new HeldRequests(this.#asking);
    const judged = { decide: requests.decide.bind(requests), ask: requests.ask.bind(requests) };
    const credentials = () => [...credentialsIn(agentEnv), ...(secrets?.known() ?? [])];
    const judging = { session, asking: this.#asking, recorder: this.#recorder, ...judged, credentials };
    const { options: calls, end } = laterCallOptions(judging);
    this.#endCalls = end;
    this.servers = serversOf(session, declared, this.#processes, calls);
    this.network = new Network({
      names: this.#names,
      ca: () => ca,
      ...judged,
      ...networkRules(decision, this.#observes),
      emit: this.#recorder.emit,
      brokers: async () => {
        const { brokersOf } = await import('./brokers.ts');
        const { dir } = this.#recorder;
        const bodies = session.recordsBodies ? { dir, credentials: credentials() } : undefined;
        return brokersOf({ decision, observes: this.#observes, calls, bodies }, secrets, {
          candidates: () => decision.set.rewrites(),
          ...judged,
          alert: session.say,
        });
      },
      splices: (request) => mayStayClosed(decision.set, session, request),
      certificateRejected: remedies(session.say, options.denials),
      who: (port, family) => this.#owners.who(port, family),
      sender: (agent, line) => this.#owners.sender(agent, line),
      answers,
      upstream,
    });
  }

  /** Puts the policy in force and lets the agent run as soon as the listeners are served. `limits`: what it may use, in words. */
  begin(warden: Warden, limits: readonly string[] = []): void {
    const [{ command, plainSecrets }, { epoch, set }] = [this.#options, this.#decision];
    warden.load(this.#order(set), set.image);
    const detail = { limits, ...(plainSecrets === true && { plain_secrets: true }) };
    this.#recorder.note('SessionStart', command.join(' '), epoch, { detail });
    this.network.complete.then(
      () => warden.start(),
      (cause: unknown) => warden.abort(new LeashError('LEASH_SANDBOX_START', 'the proxy did not start', { cause })),
    );
    this.#follow(warden);
  }

  /** Of the set that is in force. */
  #order(set: PolicySet): TableOrder {
    const serve = this.servers.areExpected || set.mcp().calls !== 'no';
    return { epoch: this.#decision.epoch, observe: this.#observes, hash: set.readsContent, serve };
  }

  /** What a policy is evaluated against does not change while the session lives, so an edit only needs the text. */
  #follow(warden: Warden): void {
    const { policyFile, say } = this.#options;
    const compiler = new BackgroundCompiler();
    const load = async (policy: PolicyText): Promise<PolicySet> => {
      this.#facts = await factsFor(policy.text, this.#facts, this.#options);
      return compiler.load(guarded(policy, this.#facts, this.#beside), this.#facts);
    };
    const warm = (): unknown => policyFile !== undefined && load(this.#policy).catch(() => undefined);
    const warmUp = setTimeout(warm, WARM_AFTER);
    warmUp.unref();
    const context = {
      ...policyChoice(this.#options),
      load,
      whole: (policy: PolicyText) => guarded(policy, this.#facts, this.#beside),
      keep: this.#keep,
      decision: this.#decision,
      warden,
      network: this.network,
      recorder: this.#recorder,
      approvals: this.#approvals,
      order: (set: PolicySet) => this.#order(set),
      say,
    };
    const followed = followPolicy(context, this.#policy);
    this.#followed = followed;
    this.#unfollow = () => {
      clearTimeout(warmUp);
      followed.end();
      compiler.close();
    };
  }

  process(process: WireProcess): void {
    this.#processes.learn(process);
    this.servers.learn(process);
  }

  event(event: WireEvent): void {
    this.#recorder.emit(
      translate(event, this.#processes, (request) =>
        this.#held.explain(event.id, request, this.#decision.explain(request, event.epoch)),
      ),
    );
  }

  answer(event: WireEvent): Answer {
    const { epoch } = this.#decision;
    if (event.operation === OPERATION.serve) {
      const server = this.servers.answer(event);
      return server === undefined ? { epoch, word: 'goOn' } : { epoch, word: 'interpose', server };
    }
    const context = {
      decision: this.#decision,
      processes: this.#processes,
      names: this.#names,
      emit: this.#recorder.emit,
      held: this.#held,
      isFlowing: (program: Program, address: string, port: number) => this.network.isFlowing(program, address, port),
      approvedOnce: (request: ConnectRequest, verdict: Verdict) =>
        this.#approvals.leavePass(subjectNow(request, verdict, this.#asking)),
    };
    return { epoch, word: answerQuestion(event, context) };
  }

  /** The sandbox used all it may. */
  limit(met: LimitMet): void {
    this.#recorder.note('ResourceLimit', met.name, this.#decision.epoch, { problem: met.text });
  }

  connected(connected: WireConnected): void {
    this.#owners.learn(connected);
  }

  datagram(datagram: WireDatagram): void {
    this.network.receive(datagram);
  }

  released(call: bigint): void {
    this.#held.released(call);
  }

  /** A person must be able to answer before being told of the question. */
  async openDoor(): Promise<Door | undefined> {
    const { asking, say } = this.#options;
    // Opened after the end, it would be closed by nobody.
    if (this.#followed === undefined || this.#isEnding) return undefined;
    this.#door ??= asking
      ?.openDoor(this.#recorder.dir, this.#approvals, this.#followed.desk)
      .catch((error: unknown) => {
        say(`nobody can answer questions of this session, or edit its policy: ${String(error)}`);
        return undefined;
      });
    return await this.#door;
  }

  /** Closes proxy and journal. @throws {LeashError} LEASH_JOURNAL_WRITE */
  async end(status: number): Promise<Pick<SessionResult, 'allowed' | 'denied' | 'policy'>> {
    this.#isEnding = true;
    this.#unfollow();
    await this.servers.end();
    await this.network.close();
    this.#recorder.calls.close();
    await this.#endCalls();
    this.#approvals.close();
    await (await this.#door)?.close();
    this.#recorder.note('SessionEnd', this.#options.command.join(' '), this.#decision.epoch);
    await this.#recorder.close(status);
    return { allowed: this.#recorder.allowed, denied: this.#recorder.denied, policy: this.#policy.name };
  }
}

/** @throws {LeashError} LEASH_POLICY_READ, LEASH_POLICY_INVALID, LEASH_PARENT_PROXY, LEASH_COMMAND_DENIED, LEASH_JOURNAL_WRITE */
export async function govern(options: GovernorOptions): Promise<Governor> {
  const policy = readPolicy(policyChoice(options.session));
  const facts = await factsFor(policy.text, sessionFacts(options.id, options.session), options.session);
  const set = await loadPolicies(guarded(policy, facts, statementsBeside(options.session, options.secrets)), facts, {
    cacheDir: cacheDir(options.session.env),
  });
  for (const note of set.notes) options.session.say(note);
  const upstream = await upstreamOf(options.session);
  return new Governor(options, facts, policy, set, upstream, await declaredFor(options.session, options.agentEnv));
}
