// A recorded event in; every request that its operation needed, and what the journal does not hold of them, out.
import type { Event } from '../../schema/event.ts';
import { FILE_ACTIONS, type FileAction, type FileRequest, type Request } from '../../schema/request.ts';
import { recordedRequest } from './event-request.ts';

export interface RecordedRequests {
  /** Not empty; the one that the event names comes first. */
  readonly requests: readonly Request[];
  /** As in `recordedRequest`. */
  readonly missing: readonly string[];
  /** The event was too long for the journal: the requests may lack the ends of their texts. */
  readonly isCut: boolean;
}

/** The actions that the operation asked for; an event of one names no others. */
function actionsOf({ detail }: Event, action: FileAction): readonly FileAction[] {
  const listed = detail?.['actions'];
  if (!Array.isArray(listed)) return [action];
  return [action, ...FILE_ACTIONS.filter((known) => known !== action && listed.includes(known))];
}

/** The old name of a rename or link is judged by that action alone, the new one by all: native/warden/rename.c. */
function twoNamed(event: Event, request: FileRequest): readonly FileRequest[] {
  const { target } = event;
  if (target?.type !== 'path') return [];
  const actions = actionsOf(event, request.action);
  const leaving = (['FileRename', 'FileLink'] as const).filter((action) => actions.includes(action));
  return [
    ...leaving.map((action): FileRequest => ({ ...request, action })),
    ...actions.map((action): FileRequest => ({ ...request, action, resource: target })),
  ];
}

function isOfFile(request: Request): request is FileRequest {
  return FILE_ACTIONS.some((action) => action === request.action);
}

/** Undefined for an event that no policy decided. */
export function recordedRequests(event: Event): RecordedRequests | undefined {
  const recorded = recordedRequest(event);
  if (recorded === undefined) return undefined;
  const { request, missing } = recorded;
  // Nearly all events: one action on one name.
  if (event.detail === undefined && event.target === undefined) return { requests: [request], missing, isCut: false };
  const isCut = event.detail?.['cut'] === true;
  if (!isOfFile(request)) return { requests: [request], missing, isCut };
  const both = twoNamed(event, request);
  const requests =
    both.length > 0 ? both : actionsOf(event, request.action).map((action): FileRequest => ({ ...request, action }));
  return { requests, missing, isCut };
}
