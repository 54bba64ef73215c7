// Nothing in, a home and a workspace of a test's own with what lies around a search for registries out.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Surroundings } from '../../../../src/session/registries/surroundings.ts';

export class RegistryPlace {
  readonly root: string = realpathSync(mkdtempSync(path.join(tmpdir(), 'leash-registries-')));
  readonly home: string = path.join(this.root, 'home');
  readonly workspace: string = path.join(this.root, 'workspace');

  constructor() {
    for (const folder of [this.home, this.workspace]) mkdirSync(folder);
    // This machine's own configuration is another matter.
    this.write('empty', '');
  }

  write(name: string, content: string, mode = 0o644): string {
    const file = path.resolve(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
    return file;
  }

  surroundings(env: Readonly<Record<string, string>> = {}, changes: Partial<Surroundings> = {}): Surroundings {
    const own = { PATH: process.env['PATH'] ?? '', npm_config_globalconfig: path.join(this.root, 'empty') };
    return { env: { ...own, ...env }, home: this.home, workspace: this.workspace, ...changes };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
