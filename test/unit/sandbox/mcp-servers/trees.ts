// Files of a user and of a workspace in; what an agent is told to start there out.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { findAgent } from '../../../../src/sandbox/agents/catalog.ts';
import { type Asked, type Declarations, declaredServers } from '../../../../src/sandbox/mcp-servers/declared.ts';

/** A home and a workspace of their own. */
export class Trees {
  readonly root: string = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'leash-declared-')));
  readonly home: string = path.join(this.root, 'home');
  workspace: string = path.join(this.root, 'work');

  constructor() {
    for (const folder of [this.home, this.workspace]) fs.mkdirSync(folder);
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true });
  }

  put(name: string, content: unknown): string {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  }

  mine(name: string, content: unknown): string {
    return this.put(path.join('home', name), content);
  }

  theirs(name: string, content: unknown): string {
    return this.put(path.join('work', name), content);
  }

  declared(name: string | undefined, words: readonly string[] = [], env: Asked['env'] = {}): Promise<Declarations> {
    const agent = name === undefined ? undefined : findAgent(name);
    const { home, workspace } = this;
    return declaredServers({ agent, env, home, workspace, command: [name ?? 'x', ...words] });
  }

  /** As `origin name: command line`, the first first. */
  async lines(...asked: Parameters<Trees['declared']>): Promise<readonly string[]> {
    const { servers: found, notes, isComplete } = await this.declared(...asked);
    expect({ notes, isComplete }).toEqual({ notes: [], isComplete: true });
    return found.map(({ origin, name, command, args }) => `${origin} ${name}: ${[command, ...args].join(' ')}`);
  }
}

export const one = (command: string, ...args: readonly string[]): object => ({ command, args });
export const servers = (entries: object): object => ({ mcpServers: entries });
