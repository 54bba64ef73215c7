// Questions the policy table leaves to the manager in, answers out; connections among them, which only here have a name.
import type { Decision } from '../decision/decision.ts';
import type { ProcessTable } from '../engine/process-table.ts';
import { fileActions, requestOf } from '../engine/translate.ts';
import { OPERATION } from '../engine/wire-layout.ts';
import type { Word } from '../engine/wire-order.ts';
import type { WireEvent } from '../engine/wire-record.ts';
import type { SyntheticNames } from '../proxy/names/synthetic-names.ts';
import type { Emit, Event } from '../schema/event.ts';
import type { ConnectRequest, Program } from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import { withDatagramRule } from './datagrams.ts';
import { type HeldCalls, isAsked } from './held-calls.ts';

export interface Answer {
  readonly epoch: number;
  readonly word: Word;
  /** Of an interposed program. */
  readonly server?: number;
}

export interface QuestionContext {
  readonly decision: Decision;
  readonly processes: ProcessTable;
  readonly names: SyntheticNames;
  readonly emit: Emit;
  readonly held: HeldCalls;
  /** Whether datagrams of this program pass to this address and port already. */
  readonly isFlowing: (program: Program, address: string, port: number) => boolean;
  /** A connection was approved once: the proxy, where it arrives, judges it again. */
  readonly approvedOnce: (request: ConnectRequest, verdict: Verdict) => void;
}

function connectRequest(event: WireEvent, program: Program, names: SyntheticNames): ConnectRequest {
  return {
    action: 'NetConnect',
    resource: { type: 'host', name: names.nameOf(event.address) ?? event.address },
    program,
    port: event.port,
    protocol: event.protocol,
    ip: event.address,
  };
}

/** A connection is journaled here and not by the warden, which does not know the name; but a datagram that may go on, where it is relayed. */
function answerConnection(event: WireEvent, program: Program, context: QuestionContext): Word {
  const { decision, held, names, processes, emit } = context;
  const request = connectRequest(event, program, names);
  const plain = withDatagramRule(request, decision.decide(request), (id) => decision.set.textOf(id));
  const isUdp = event.protocol === 'udp';
  // Whoever agreed to the first datagram agreed to those that follow; the relay judges them, too.
  if (isUdp && isAsked(plain) && context.isFlowing(program, event.address, event.port)) return 'goOn';
  const who = processes.who(event.pid);
  const judged = held.judge(event.id, who, [{ request, decided: plain }]);
  if (judged.word === 'hold') return 'hold';
  const [verdict = plain] = judged.decided;
  const { effect, enforced, shadow, policies, reason, ask, approval, epoch } = verdict;
  const isRefused = effect === 'deny' && enforced;
  const record: Event = {
    v: 1,
    time: event.time,
    who,
    action: 'NetConnect',
    resource: request.resource,
    detail: { port: event.port, protocol: event.protocol, ip: event.address },
    effect,
    enforced: effect === 'allow' || enforced,
    ...(shadow !== undefined && { shadow }),
    policies,
    ...(reason !== undefined && { reason }),
    ...(ask !== undefined && { ask }),
    ...(approval !== undefined && { approval }),
    epoch,
    ...(isRefused && { error: 'EACCES' }),
  };
  if (isRefused || !isUdp) emit(record);
  if (approval?.by === 'once') context.approvedOnce(request, plain);
  return isRefused ? 'refuse' : 'goOn';
}

/** The warden records what happened. */
function answerPath(event: WireEvent, context: QuestionContext): Word {
  const request = requestOf(event, context.processes);
  const requests =
    request.action === 'ProcessExec' ? [request] : fileActions(event.actions).map((action) => ({ ...request, action }));
  const judged = requests.map((each) => ({ request: each, decided: context.decision.decide(each) }));
  return context.held.judge(event.id, context.processes.who(event.pid), judged).word;
}

/** Nothing is allowed to a process whose line of descent is not known, for any policy may rest on it. */
export function answerQuestion(event: WireEvent, context: QuestionContext): Word {
  const program = context.processes.program(event);
  if (program === undefined) return 'refuse';
  const isConnection = event.operation === OPERATION.connect || event.operation === OPERATION.send;
  return isConnection && event.address !== '' ? answerConnection(event, program, context) : answerPath(event, context);
}
