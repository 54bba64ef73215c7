// What a manager puts into the container beside its own in; files in a volume that both show, and the words by which it is started, out.
import fs from 'node:fs';
import path from 'node:path';
import { OWN_FOLDER } from '../own-folder.ts';
import { checkPath } from './bind.ts';
import type { Furnishing } from './furnishing.ts';

const READABLE = 0o644;
const RUNNABLE = 0o755;

/** In the engine's place: says what is to be started, and ends as that did. End of file: who would start it is gone. */
const STARTER = 'printf "%s\\n" "$1"; read -r status || exit 125; exit "$status"';

export class ManagerVolume implements Furnishing {
  readonly name: string;
  readonly own: string;
  readonly #entry: string[] = ['--nest', 'yes'];
  #files = 0;

  /**
   * @param name of the container, and of the volume
   * @param own where this process sees the volume
   */
  constructor(name: string, own: string = OWN_FOLDER) {
    this.name = name;
    this.own = own;
  }

  #write(name: string, content: string | Uint8Array, mode: number): string {
    const file = path.join(this.own, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { flag: 'wx' });
    fs.chmodSync(file, mode);
    return path.join(OWN_FOLDER, name);
  }

  get forEntry(): readonly string[] {
    return this.#entry;
  }

  putOwn(name: string, content: string | Uint8Array): void {
    this.#write(name, content, READABLE);
  }

  putOwnFolder(name: string): void {
    fs.mkdirSync(path.join(this.own, name), { recursive: true });
  }

  put(content: string | Uint8Array): string {
    return this.#write(`shown/${++this.#files}`, content, READABLE);
  }

  show(file: string, place: string): string[] {
    this.#entry.push('--cover', `${checkPath(file)}:${checkPath(place)}`);
    return [];
  }

  hide(place: string): string[] {
    this.#entry.push('--mask', place);
    return [];
  }

  showOwn(entryProgram: string): string[] {
    this.#write('entry', fs.readFileSync(entryProgram), RUNNABLE);
    return ['--mount', `type=volume,source=${this.name},destination=${OWN_FOLDER},ro`];
  }

  entryProgram(): string {
    return path.join(this.own, 'entry');
  }

  command(words: readonly string[]): readonly string[] {
    return ['/bin/sh', '-c', STARTER, 'sh', JSON.stringify(words)];
  }

  /** It goes with the volume. */
  async remove(): Promise<void> {}

  discard(): void {}
}
