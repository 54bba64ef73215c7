// What is missing of files, folders and programs in; the statements that permit it out.
import { type Action, FILE_ACTIONS } from '../../schema/request.ts';
import type { SessionFacts } from '../facts.ts';
import { cedarString } from '../text/literal.ts';
import { chunks, type Draft } from './draft.ts';
import type { Seen } from './evidence.ts';
import { foldersOf, type Limits, type Widened } from './folders.ts';
import { type Breadth, exclusions, isHiddenPlace } from './places.ts';

function pathOf({ request }: Seen): string {
  return request.resource.type === 'path' ? request.resource.path : '';
}

/** Things with the actions that were seen on each; those with the same actions together. */
class ByActions<T> {
  readonly #things = new Map<string, { readonly thing: T; readonly actions: Action[]; readonly seen: Seen[] }>();

  add(key: string, thing: T, action: Action, seen: readonly Seen[]): void {
    const known = this.#things.get(key);
    if (known === undefined) this.#things.set(key, { thing, actions: [action], seen: [...seen] });
    else {
      if (!known.actions.includes(action)) known.actions.push(action);
      known.seen.push(...seen);
    }
  }

  /** `split`: a further key that things of one group share. */
  groups(
    split: (thing: T) => string = () => '',
  ): readonly { actions: readonly Action[]; things: readonly T[]; seen: readonly Seen[] }[] {
    const groups = new Map<string, { actions: readonly Action[]; things: T[]; seen: Seen[] }>();
    for (const [, { thing, actions, seen }] of [...this.#things].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const key = `${actions.join()} ${split(thing)}`;
      const group = groups.get(key) ?? { actions, things: [], seen: [] };
      group.things.push(thing);
      group.seen.push(...seen);
      groups.set(key, group);
    }
    return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }
}

function dirEntity(folder: string, settings: readonly SessionFacts[]): string {
  const isWorkspace = settings.every(({ workspace }) => workspace === folder);
  const isTmp = settings.every(({ tmp }) => tmp === folder);
  return `Dir::${cedarString(isWorkspace ? '@workspace/' : isTmp ? '@tmp/' : folder)}`;
}

function exactDrafts(exact: ByActions<string>): readonly Draft[] {
  const isFolder = (path: string): string => String(path.endsWith('/'));
  return exact.groups(isFolder).flatMap(({ actions, things, seen }) =>
    chunks(things).map((paths): Draft => {
      const those = new Set(paths);
      const evidence = seen.filter((each) => those.has(pathOf(each)));
      const isDir = paths[0]?.endsWith('/') === true;
      const set = paths.map((path) => `${isDir ? 'Dir' : 'File'}::${cedarString(path)}`).join(', ');
      // Of a directory `in` would mean all below it.
      return isDir
        ? { subject: 'folders', actions, scope: 'resource is Dir', when: `[${set}].contains(resource)`, seen: evidence }
        : { subject: 'files', actions, scope: 'resource', when: `resource in [${set}]`, seen: evidence };
    }),
  );
}

const WIDENINGS: Readonly<Record<Breadth, string>> = {
  direct: 'all files directly in these folders',
  below: 'all below these folders',
};

function widenedDraft(
  folders: readonly Widened[],
  actions: readonly Action[],
  seen: readonly Seen[],
  settings: readonly SessionFacts[],
): Draft {
  const [{ folder, breadth }] = folders as readonly [Widened];
  const set = folders.map((each) => dirEntity(each.folder, settings)).join(', ');
  return {
    subject: breadth,
    actions,
    scope: breadth === 'direct' ? 'resource is File' : 'resource',
    when: breadth === 'direct' ? `[${set}].contains(resource.dir)` : `resource in [${set}]`,
    unless: exclusions(folder, breadth),
    seen,
    widening: WIDENINGS[breadth],
  };
}

/** `resource.dir` is a folder by its own path, and no alias. */
function realNames(settings: readonly SessionFacts[], breadth: Breadth): readonly SessionFacts[] {
  return breadth === 'direct' ? settings.map((facts) => ({ ...facts, workspace: '', tmp: '' })) : settings;
}

function widenedDrafts(widened: ByActions<Widened>, settings: readonly SessionFacts[]): readonly Draft[] {
  // What is left out of a folder that is hidden itself names that folder.
  const split = ({ folder, breadth }: Widened): string =>
    `${breadth} ${breadth === 'below' && isHiddenPlace(folder) ? folder : ''}`;
  return widened.groups(split).flatMap(({ actions, things, seen }) =>
    chunks(things).map((folders) => {
      const covered = new Set(folders.flatMap((folder) => folder.seen));
      const breadth = folders[0]?.breadth ?? 'direct';
      return widenedDraft(
        folders,
        actions,
        seen.filter((each) => covered.has(each)),
        realNames(settings, breadth),
      );
    }),
  );
}

export interface FileDrafts {
  readonly drafts: readonly Draft[];
  /** The folders that were widened, by action. */
  readonly widened: readonly { readonly action: Action; readonly folder: Widened }[];
}

/** `missing`: of any action. */
export function fileDrafts(missing: readonly Seen[], settings: readonly SessionFacts[], limits: Limits): FileDrafts {
  const exact = new ByActions<string>();
  const folders = new ByActions<Widened>();
  const widened: { action: Action; folder: Widened }[] = [];
  for (const action of FILE_ACTIONS) {
    const all = missing.filter(({ request }) => request.action === action);
    const found = foldersOf(all, action, settings, limits);
    for (const seen of found.exact) exact.add(pathOf(seen), pathOf(seen), action, [seen]);
    for (const folder of found.widened) {
      folders.add(`${folder.breadth} ${folder.folder}`, folder, action, folder.seen);
      widened.push({ action, folder });
    }
  }
  return { drafts: [...widenedDrafts(folders, settings), ...exactDrafts(exact)], widened };
}

/** Each program by its path, never a folder of them: a folder of programs is what an agent can put another one in. */
export function programDrafts(missing: readonly Seen[]): readonly Draft[] {
  const programs = missing.filter(({ request }) => request.action === 'ProcessExec');
  const paths = [...new Set(programs.map(pathOf))].sort();
  return chunks(paths).map((some): Draft => {
    const set = some.map((path) => `File::${cedarString(path)}`).join(', ');
    const seen = programs.filter((each) => some.includes(pathOf(each)));
    return { subject: 'programs', actions: ['ProcessExec'], scope: 'resource', when: `resource in [${set}]`, seen };
  });
}
