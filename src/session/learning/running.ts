// Events of one session in; requests that they imply and the journal does not have out: interpreters of scripts, and dynamic loaders.
import type { Event } from '../../schema/event.ts';
import type { Program, Request } from '../../schema/request.ts';
import { loaderOf } from './loader.ts';

/** Leash's own first process, which no policy judges. */
const OWN = '/run/leash/';

const NONE: readonly Request[] = [];

/** Nobody in particular, of the MCP server or of none: ''. */
function somebody(via: string): Program {
  return { exe: '', uid: 0, ...(via !== '' && { via }) };
}

/** Paths, each with the MCP server for which it was met. Whatever was met without one needs no other: its statements hold for all. */
class Met {
  readonly #paths = new Set<string>();
  readonly #ofServers = new Set<string>();

  has(path: string, via: string): boolean {
    return this.#paths.has(path) || (via !== '' && this.#ofServers.has(`${via}\0${path}`));
  }

  add(path: string, via: string): void {
    if (via === '') this.#paths.add(path);
    else this.#ofServers.add(`${via}\0${path}`);
  }
}

/**
 * One for each session. The warden judges the interpreter of a script, and the reading of a program's loader, by requests of their own, and
 * records them only when they are denied. A program that acts was started; a loader is what the program on this machine names.
 */
export class RunningPrograms {
  readonly #started = new Met();
  readonly #loaded = new Met();
  readonly #loaders = new Met();
  /** By process, the MCP server of who started its program: with a server's first program that is the agent, of none. */
  readonly #starters = new Map<number, string>();

  /** Each request is given once. */
  impliedBy(event: Event): readonly Request[] {
    const { pid = 0, exe = '', via: own = '' } = event.who ?? {};
    const { action, effect, resource } = event;
    const running = this.#starters.get(pid) ?? own;
    const started = action === 'ProcessExec' && effect === 'allow' && resource.type === 'path' ? resource.path : '';
    if (started !== '') {
      this.#started.add(started, own);
      this.#starters.set(pid, own);
    }
    const [isNew, startsNew] = [this.#isNew(exe, running), this.#isNew(started, own)];
    return isNew || startsNew ? [...this.#ofEach(exe, running), ...this.#ofEach(started, own)] : NONE;
  }

  #isNew(path: string, via: string): boolean {
    return path !== '' && !this.#loaded.has(path, via) && !path.startsWith(OWN);
  }

  #ofEach(path: string, via: string): readonly Request[] {
    return this.#isNew(path, via) ? [...this.#startOf(path, via), ...this.#loadingOf(path, via)] : NONE;
  }

  #startOf(path: string, via: string): readonly Request[] {
    this.#loaded.add(path, via);
    if (this.#started.has(path, via)) return [];
    this.#started.add(path, via);
    return [{ action: 'ProcessExec', resource: { type: 'path', path }, program: somebody(via), argv: [path] }];
  }

  #loadingOf(path: string, via: string): readonly Request[] {
    const loader = loaderOf(path);
    if (loader === undefined || this.#loaders.has(loader, via)) return [];
    this.#loaders.add(loader, via);
    return [{ action: 'FileOpenReadOnly', resource: { type: 'path', path: loader }, program: somebody(via) }];
  }
}
