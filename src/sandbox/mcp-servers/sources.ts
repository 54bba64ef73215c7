// The places in which an agent is told of MCP servers in; the texts that are there out, the weakest first, and what could not be read.
import fs from 'node:fs';
import path from 'node:path';
import type { McpForm, McpPlace } from '../agents/agent.ts';
import { placeOf } from '../agents/kept.ts';
import type { DeclaredServer } from './declared.ts';
import { type FileText, fileText, isWithin } from './file-text.ts';
import { optionValues } from './option-values.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Surroundings {
  readonly env: Env;
  readonly home: string;
  /** Where the agent begins. */
  readonly workspace: string;
  readonly command: readonly string[];
}

export interface Source {
  readonly file: string;
  readonly origin: DeclaredServer['origin'];
  readonly form: McpForm;
  /** The first that can be read counts. */
  readonly texts: readonly string[];
  readonly env: Env;
}

export type Found = Source | { readonly file: string; readonly fault: string };

const MOST_EXTENSIONS = 64;

/** What the agent's places hold in one session. */
export class Sources {
  readonly #asked: Surroundings;
  /** Real path of the workspace. */
  readonly #real: string;
  readonly #read = new Map<string, FileText>();

  constructor(asked: Surroundings) {
    this.#asked = asked;
    this.#real = realPath(asked.workspace);
  }

  /** Paths that the workspace has. */
  get workspaces(): readonly string[] {
    return [this.#asked.workspace, this.#real];
  }

  at(place: McpPlace): readonly Found[] {
    const { env, home, workspace, command } = this.#asked;
    switch (place.in) {
      case 'home':
        return this.#file(placeOf(place.file, env, home), 'settings', place.form);
      case 'machine':
        return this.#file(place.path, 'settings', place.form);
      case 'workspace':
        return this.#file(path.join(workspace, place.path), 'workspace', place.form);
      case 'extensions':
        return this.#extensions(placeOf(place.folder, env, home), place);
      case 'variable': {
        const value = env[place.name];
        if (!value) return [];
        if (place.holds === 'text') return [this.#text(place.name, place.form, value)];
        return this.#named(place.holds === 'file' ? value : path.join(value, place.holds.file), place.form);
      }
      case 'option': {
        const values = optionValues(command, place.names, place.holds === 'key = value' ? 'one' : 'many');
        const [option = ''] = place.names;
        return values.flatMap((value) => {
          if (place.holds === 'key = value') return this.#assignment(option, place.form, value);
          return value.trimStart().startsWith('{')
            ? [this.#text(option, place.form, value)]
            : this.#named(value, place.form);
        });
      }
    }
  }

  #text(file: string, form: McpForm, ...texts: readonly string[]): Source {
    return { file, origin: 'argument', form, texts, env: this.#asked.env };
  }

  /** A value that is no TOML is a text. */
  #assignment(option: string, form: McpForm, word: string): readonly Source[] {
    const [key = '', ...value] = word.split('=');
    if (!key.startsWith(form.way[0] ?? '')) return [];
    return [this.#text(option, form, word, `${key}=${JSON.stringify(value.join('='))}`)];
  }

  /** A file that the user names: of the workspace it is all the same what whoever writes there makes of it. */
  #named(name: string, form: McpForm): readonly Found[] {
    return this.#file(path.resolve(this.#asked.workspace, name), 'argument', form);
  }

  #file(file: string, origin: DeclaredServer['origin'], form: McpForm, env: Env = this.#asked.env): readonly Found[] {
    const isOfWorkspace = origin === 'workspace';
    const read = this.#read.has(file) ? this.#read.get(file) : fileText(file, this.#real, isOfWorkspace);
    this.#read.set(file, read);
    if (read === undefined) return [];
    if ('fault' in read) return [{ file, fault: read.fault }];
    // A link that lies in the workspace can be led anywhere.
    const isTheirs = read.isOfWorkspace || this.workspaces.some((workspace) => isWithin(file, workspace));
    return [{ file, origin: isTheirs ? 'workspace' : origin, form, texts: [read.text], env }];
  }

  #extensions(
    folder: string,
    { path: name, form }: { readonly path: string; readonly form: McpForm },
  ): readonly Found[] {
    const names = entries(folder);
    const found = names.slice(0, MOST_EXTENSIONS).flatMap((one) => {
      const extensionPath = path.join(folder, one);
      const own = { extensionPath, workspacePath: this.#asked.workspace, '/': '/', pathSeparator: '/' };
      return this.#file(path.join(extensionPath, name), 'settings', form, { ...this.#asked.env, ...own });
    });
    const fault = `it holds more than ${MOST_EXTENSIONS} extensions`;
    return names.length > MOST_EXTENSIONS ? [...found, { file: folder, fault }] : found;
  }
}

function realPath(folder: string): string {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
}

function entries(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
