// A warden's event record in, the journal's Event out, with the policies that determined it.
import { errorName } from '../host/error-name.ts';
import type { Event, EventAction, NamedResource } from '../schema/event.ts';
import {
  type ExecRequest,
  FILE_ACTIONS,
  type FileAction,
  type FileRequest,
  type Program,
  type Resource,
} from '../schema/request.ts';
import type { Verdict } from '../schema/verdict.ts';
import type { ProcessTable } from './process-table.ts';
import { splitWords } from './wire.ts';
import { FLAG, OPERATION } from './wire-layout.ts';
import type { WireEvent } from './wire-record.ts';

export type Explain = (request: FileRequest | ExecRequest) => Verdict;

/** What Leash itself refuses whatever the policy says, and why. */
const BUILTIN_REASON: Readonly<Record<number, string>> = {
  [OPERATION.open]:
    'Leash does not let this object be opened: it is process memory, belongs to the machine, or has no name and was held with fewer rights.',
  [OPERATION.truncate]: 'It belongs to the machine, which the sandbox shares.',
  [OPERATION.setattr]: 'It belongs to the machine, which the sandbox shares.',
  [OPERATION.rename]: 'The new name would permit more than the old one; copy it instead, so that each file is judged.',
  [OPERATION.link]: 'The new name would permit more than the old one; copy it instead, so that each file is judged.',
  [OPERATION.exec]:
    'What would have run is not what was judged, has no path, cannot be read while a policy asks for its content, or follows too many programs.',
  [OPERATION.syscall]: 'This system call is never available inside the sandbox.',
};

/** Who asked is not known: for the record only, such a request is never allowed. */
const NOBODY: Program = { exe: '', uid: 0 };

/** For each set of bits, made once: every record of a file asks. */
const ACTIONS_OF: readonly (readonly FileAction[])[] = Array.from({ length: 1 << FILE_ACTIONS.length }, (_, bits) =>
  FILE_ACTIONS.filter((_action, index) => (bits & (1 << index)) !== 0),
);

/** The file actions a record asks for, as Cedar names them. */
export function fileActions(bits: number): readonly FileAction[] {
  return ACTIONS_OF[bits & (ACTIONS_OF.length - 1)] ?? [];
}

const BY_CHANGE: readonly FileAction[] = [
  'FileRename',
  'FileLink',
  'FileDelete',
  'FileCreate',
  'FileSetAttr',
  'FileWrite',
];

/** One action that stands for an operation which needs several: what changes most. */
function foremost(actions: readonly FileAction[]): FileAction {
  return BY_CHANGE.find((action) => actions.includes(action)) ?? 'FileOpenReadOnly';
}

/** The Cedar request of a record: its foremost action on its first path (the second path when only that one was denied). */
export function requestOf(event: WireEvent, processes: ProcessTable): FileRequest | ExecRequest {
  const program = processes.program(event) ?? NOBODY;
  if (event.operation === OPERATION.exec) {
    const argv = splitWords(Buffer.from(event.path2));
    const { sha256 } = event;
    const resource = { type: 'path', path: event.path } as const;
    return { action: 'ProcessExec', resource, program, argv, ...(sha256 !== undefined && { sha256 }) };
  }
  const actions = fileActions(event.denied !== 0 ? event.denied : event.actions);
  return { action: foremost(actions), resource: { type: 'path', path: event.path }, program };
}

function isTwoNamed(event: WireEvent): boolean {
  return event.operation === OPERATION.rename || event.operation === OPERATION.link;
}

function detailOf(event: WireEvent, request: FileRequest | ExecRequest): Event['detail'] | undefined {
  if (request.action === 'ProcessExec') {
    const { argv, sha256 } = request;
    return { argv, ...(sha256 !== undefined && { sha256 }) };
  }
  const actions = fileActions(event.actions);
  if (event.operation === OPERATION.symlink) return { symlink: true };
  return actions.length > 1 ? { actions } : undefined;
}

function systemCall(event: WireEvent, processes: ProcessTable): Event {
  const resource: NamedResource = { type: 'name', name: event.path };
  return {
    v: 1,
    time: event.time,
    who: processes.who(event.pid),
    action: 'SystemCall' satisfies EventAction,
    resource,
    effect: 'deny',
    enforced: true,
    policies: [],
    reason: BUILTIN_REASON[OPERATION.syscall] ?? '',
    epoch: event.epoch,
    ...(event.error !== 0 && { error: errorName(event.error) }),
  };
}

/** The verdicts that together explain a record: on a rename or link the second path is judged too. */
function verdicts(event: WireEvent, request: FileRequest | ExecRequest, explain: Explain): Verdict[] {
  const first = explain(request);
  if (!isTwoNamed(event) || request.action === 'ProcessExec') return [first];
  return [first, explain({ ...request, resource: { type: 'path', path: event.path2 } })];
}

/** What nearly all records tell: one file, permitted, nothing to add. The same as `translate` gives, in a fraction of its time. */
function plainOpen(event: WireEvent, request: FileRequest, verdict: Verdict, processes: ProcessTable): Event {
  return {
    v: 1,
    time: event.time,
    who: processes.who(event.pid),
    action: request.action,
    resource: request.resource,
    effect: 'allow',
    enforced: true,
    policies: verdict.policies,
    epoch: event.epoch,
  };
}

function isPlain(event: WireEvent): boolean {
  return event.operation === OPERATION.open && event.denied === 0 && event.flags === 0 && event.error === 0;
}

export function translate(event: WireEvent, processes: ProcessTable, explain: Explain): Event {
  if (event.operation === OPERATION.syscall) return systemCall(event, processes);
  const request = requestOf(event, processes);
  if (isPlain(event) && request.action !== 'ProcessExec' && fileActions(event.actions).length === 1) {
    const verdict = explain(request);
    const isPlainVerdict = verdict.effect === 'allow' && verdict.ask === undefined;
    if (isPlainVerdict && verdict.policies.length < 2) return plainOpen(event, request, verdict, processes);
  }
  const isBuiltin = (event.flags & FLAG.builtin) !== 0;
  const isDenied = event.denied !== 0;
  const effect = isDenied ? 'deny' : 'allow';
  const matching = isBuiltin ? [] : verdicts(event, request, explain).filter((verdict) => verdict.effect === effect);
  const policies = [...new Set(matching.flatMap((verdict) => verdict.policies))];
  const reason = isBuiltin
    ? BUILTIN_REASON[event.operation]
    : isDenied
      ? matching.find((v) => v.reason)?.reason
      : undefined;
  // The table says that the sets may differ; only the policies say how.
  const isShadowed = (event.flags & FLAG.shadowDiffers) !== 0;
  const shadow = isShadowed ? matching.find((verdict) => verdict.shadow !== undefined)?.shadow : undefined;
  const asking = matching.find((verdict) => verdict.ask !== undefined);
  const detail = detailOf(event, request);
  const target: Resource | undefined = isTwoNamed(event) ? { type: 'path', path: event.path2 } : undefined;
  return {
    v: 1,
    time: event.time,
    who: processes.who(event.pid),
    action: request.action,
    resource: request.resource,
    ...(target && { target }),
    ...(detail && { detail }),
    effect,
    enforced: !isDenied || (event.flags & FLAG.observed) === 0,
    ...(shadow !== undefined && { shadow }),
    policies,
    ...(reason !== undefined && { reason }),
    ...(asking?.ask !== undefined && { ask: asking.ask }),
    ...(asking?.approval !== undefined && { approval: asking.approval }),
    epoch: event.epoch,
    ...(event.error !== 0 && { error: errorName(event.error) }),
  };
}
