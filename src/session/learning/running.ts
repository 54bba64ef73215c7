// Events of one session in; requests that they imply and the journal does not have out: interpreters of scripts, and dynamic loaders.
import type { Event } from '../../schema/event.ts';
import type { Request } from '../../schema/request.ts';
import { loaderOf } from './loader.ts';

/** Leash's own first process, which no policy judges. */
const OWN = '/run/leash/';

const NOBODY = { exe: '', uid: 0 } as const;

/**
 * One for each session. The warden judges the interpreter of a script, and the reading of a program's loader, by requests of their own, and
 * records them only when they are denied. A program that acts was started; a loader is what the program on this machine names.
 */
export class RunningPrograms {
  readonly #started = new Set<string>();
  readonly #loaded = new Set<string>();
  readonly #loaders = new Set<string>();

  /** Each request is given once. */
  impliedBy(event: Event): readonly Request[] {
    const exe = event.who?.exe ?? '';
    const { action, effect, resource } = event;
    const started = action === 'ProcessExec' && effect === 'allow' && resource.type === 'path' ? resource.path : '';
    if (started !== '') this.#started.add(started);
    if (this.#loaded.has(exe) && (started === '' || this.#loaded.has(started))) return [];
    const fresh = [exe, started].filter((path) => path !== '' && !path.startsWith(OWN) && !this.#loaded.has(path));
    return fresh.flatMap((path) => [...this.#startOf(path), ...this.#loadingOf(path)]);
  }

  #startOf(path: string): readonly Request[] {
    this.#loaded.add(path);
    if (this.#started.has(path)) return [];
    this.#started.add(path);
    return [{ action: 'ProcessExec', resource: { type: 'path', path }, program: NOBODY, argv: [path] }];
  }

  #loadingOf(path: string): readonly Request[] {
    const loader = loaderOf(path);
    if (loader === undefined || this.#loaders.has(loader)) return [];
    this.#loaders.add(loader);
    return [{ action: 'FileOpenReadOnly', resource: { type: 'path', path: loader }, program: NOBODY }];
  }
}
