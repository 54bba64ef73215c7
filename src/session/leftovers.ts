// What sessions left behind that were killed in, the same removed and named out. What runs is left alone.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { sessionsDir, stateDir } from '../host/paths.ts';
import { finishRemovals } from '../journal/remove-session.ts';
import { listSessions } from '../journal/session-list.ts';
import { finishReviews } from '../review/whole.ts';
import { surroundings } from '../sandbox/limits.ts';
import { sweepGroups } from '../sandbox/session-group.ts';
import { sweepDenials } from './denials.ts';

/** Of a session that runs: `leash approve` comes in there, `leash ps` reads here. */
const OF_RUNNING = ['door.sock', 'published', 'published.new', 'session.json.new'];

type Env = Readonly<Record<string, string | undefined>>;

function removeFile(file: string): readonly string[] {
  try {
    rmSync(file);
    return [file];
  } catch {
    return [];
  }
}

function attempt(find: () => readonly string[]): readonly string[] {
  try {
    return find();
  } catch {
    return []; // there is no such folder
  }
}

/** Paths of what was removed: control groups, files in the folders of crashed sessions, records and reviews that were being removed. */
export function removeLeftovers(env: Env): readonly string[] {
  const root = sessionsDir(env);
  const crashed = attempt(() =>
    listSessions(root).sessions.flatMap(({ state, dir }) => (state === 'crashed' ? [dir] : [])),
  );
  return [
    ...attempt(() => sweepGroups(surroundings().homes)),
    ...attempt(() => sweepDenials(stateDir(env))),
    ...crashed.flatMap((dir) => OF_RUNNING.flatMap((name) => removeFile(path.join(dir, name)))),
    ...attempt(() => finishReviews(env)),
    ...attempt(() => finishRemovals(root)).map((id) => path.join(root, id)),
  ];
}
