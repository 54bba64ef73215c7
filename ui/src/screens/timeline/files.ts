// Events in, what they did to files against the session's beginning out. An operation that was stopped or failed changes nothing.
import type { Event } from '../../../../src/schema/event.ts';

export type Change = 'created' | 'written' | 'attributes' | 'renamed' | 'deleted' | 'created and deleted';

export interface FileChange {
  /** Its name at the moment that is looked at; a folder's ends with `/`. */
  readonly path: string;
  readonly change: Change;
  /** Where it was at the beginning, when it was renamed. */
  readonly from?: string;
  /** Of the last change, milliseconds since the Unix epoch. */
  readonly time: number;
  readonly times: number;
}

type Files = Map<string, FileChange>;

function isDone({ effect, enforced, error }: Event): boolean {
  return error === undefined && (effect === 'allow' || !enforced);
}

const CHANGES: ReadonlySet<Event['action']> = new Set<Event['action']>([
  'FileWrite',
  'FileCreate',
  'FileDelete',
  'FileRename',
  'FileLink',
  'FileSetAttr',
]);

export function isFileChange(event: Event): boolean {
  return CHANGES.has(event.action) && event.resource.type === 'path' && isDone(event);
}

const isGone = (file: FileChange | undefined): boolean =>
  file?.change === 'deleted' || file?.change === 'created and deleted';

function set(files: Files, path: string, time: number, change: Change, from?: string): void {
  const times = (files.get(path)?.times ?? 0) + 1;
  // The one that changed last stands last.
  files.delete(path);
  files.set(path, { path, change, time, times, ...(from !== undefined && { from }) });
}

function created(files: Files, path: string, time: number): void {
  // What was there at the beginning, and is there again, was written.
  set(files, path, time, files.get(path)?.change === 'deleted' ? 'written' : 'created');
}

function touched(files: Files, path: string, time: number, change: 'written' | 'attributes'): void {
  const known = files.get(path);
  if (known === undefined || isGone(known)) set(files, path, time, change);
  else set(files, path, time, known.change === 'attributes' ? change : known.change, known.from);
}

function deleted(files: Files, path: string, time: number): void {
  const known = files.get(path);
  if (known?.from === undefined) {
    set(files, path, time, known?.change === 'created' ? 'created and deleted' : 'deleted');
    return;
  }
  // A file that was moved here is missing where it was.
  files.delete(path);
  set(files, known.from, time, 'deleted');
}

/** The name is another; below a folder, all names are. */
function renamed(files: Files, from: string, to: string, time: number): void {
  const moved = files.get(from);
  files.delete(from);
  if (moved === undefined || isGone(moved)) set(files, to, time, 'renamed', from);
  else if (moved.change === 'created') set(files, to, time, 'created');
  else if (moved.from === to) set(files, to, time, 'written');
  else set(files, to, time, 'renamed', moved.from ?? from);
  if (!from.endsWith('/')) return;
  for (const [path, file] of [...files]) {
    if (!path.startsWith(from)) continue;
    files.delete(path);
    const name = `${to}${path.slice(from.length)}`;
    files.set(name, { ...file, path: name });
  }
}

/** Changes `files` by one event for which `isFileChange` holds. */
export function apply(files: Files, { action, resource, target, time }: Event): void {
  if (resource.type !== 'path') return;
  const other = target?.type === 'path' ? target.path : undefined;
  switch (action) {
    case 'FileCreate':
      created(files, resource.path, time);
      break;
    case 'FileWrite':
      touched(files, resource.path, time, 'written');
      break;
    case 'FileSetAttr':
      touched(files, resource.path, time, 'attributes');
      break;
    case 'FileDelete':
      deleted(files, resource.path, time);
      break;
    case 'FileLink':
      created(files, other ?? resource.path, time);
      break;
    case 'FileRename':
      if (other !== undefined) renamed(files, resource.path, other, time);
      break;
    default:
  }
}
