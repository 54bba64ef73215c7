// Questions the policy table leaves to the manager in, answers out; connections among them, which only here have a name.
import type { Decision } from '../decision/decision.ts';
import type { ProcessTable } from '../engine/process-table.ts';
import { fileActions, requestOf } from '../engine/translate.ts';
import { OPERATION } from '../engine/wire-layout.ts';
import type { WireEvent } from '../engine/wire-record.ts';
import type { SyntheticNames } from '../proxy/names/synthetic-names.ts';
import type { Emit, Event } from '../schema/event.ts';
import type { ConnectRequest, Program } from '../schema/request.ts';

const UDP_REASON = 'Only DNS is relayed over UDP; clients fall back to TCP.';

export interface QuestionContext {
  readonly decision: Decision;
  readonly processes: ProcessTable;
  readonly names: SyntheticNames;
  readonly emit: Emit;
}

function connectRequest(event: WireEvent, program: Program, context: QuestionContext): ConnectRequest {
  return {
    action: 'NetConnect',
    resource: { type: 'host', name: context.names.nameOf(event.address) ?? event.address },
    program,
    port: event.port,
    protocol: event.protocol,
    ip: event.address,
  };
}

/** A connection is journaled here and not by the warden, which does not know the name. */
function answerConnection(event: WireEvent, program: Program, context: QuestionContext): boolean {
  const request = connectRequest(event, program, context);
  const verdict = context.decision.decide(request);
  const isUdp = event.protocol === 'udp';
  const effect = isUdp ? 'deny' : verdict.effect;
  const enforced = isUdp || verdict.enforced;
  const reason = isUdp ? UDP_REASON : verdict.reason;
  const record: Event = {
    v: 1,
    time: event.time,
    who: context.processes.who(event.pid),
    action: 'NetConnect',
    resource: request.resource,
    detail: { port: event.port, protocol: event.protocol, ip: event.address },
    effect,
    enforced: effect === 'allow' || enforced,
    ...(verdict.shadow && !isUdp && { shadow: verdict.shadow }),
    policies: isUdp ? [] : verdict.policies,
    ...(reason !== undefined && { reason }),
    epoch: verdict.epoch,
    ...(effect === 'deny' && enforced && { error: 'EACCES' }),
  };
  context.emit(record);
  return effect === 'allow' || !enforced;
}

/** True: the operation may go on. The warden records what happened. */
function answerPath(event: WireEvent, context: QuestionContext): boolean {
  const request = requestOf(event, context.processes);
  const requests =
    request.action === 'ProcessExec' ? [request] : fileActions(event.actions).map((action) => ({ ...request, action }));
  return requests.every((each) => context.decision.decide(each).effect === 'allow');
}

/** Nothing is allowed to a process whose line of descent is not known, for any policy may rest on it. */
export function answerQuestion(event: WireEvent, context: QuestionContext): boolean {
  const program = context.processes.program(event);
  if (program === undefined) return false;
  const isConnection = event.operation === OPERATION.connect || event.operation === OPERATION.send;
  return isConnection && event.address !== '' ? answerConnection(event, program, context) : answerPath(event, context);
}
