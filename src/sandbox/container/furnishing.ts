// What Leash puts into a container, and how it comes to stand there: by the engine's own means, or by those of the entry.
import { OWN_FOLDER } from '../own-folder.ts';

export const ENTRY: string = `${OWN_FOLDER}/entry`;

export interface Furnishing {
  /** Of the container. */
  readonly name: string;
  /** Where Leash's own folder is for who writes into it; the warden's socket lies there. */
  readonly own: string;
  /** Words for leash-entry about what was put so far. */
  readonly forEntry: readonly string[];
  /** A file in Leash's own folder. */
  putOwn(name: string, content: string | Uint8Array): void;
  /** For a mount in Leash's own folder, which is read-only inside. */
  putOwnFolder(name: string): void;
  /** A file to be shown somewhere: its path. */
  put(content: string | Uint8Array): string;
  /** Shows a file at a place of the container, read-only: words for the engine. */
  show(file: string, place: string): string[];
  /** Leaves nothing to be seen at a place of the host's. */
  hide(place: string, isDirectory: boolean): string[];
  /** Leash's own folder, the entry in it. */
  showOwn(entryProgram: string): string[];
  /** The file that the container's first process runs, as the warden sees it. */
  entryProgram(installed: string): string;
  /** Has the engine do something: the command line for the warden. */
  command(words: readonly string[]): readonly string[];
  /** The container is gone, unless the session failed. */
  remove(hasFailed: boolean): Promise<void>;
  /** Before the engine was asked for anything. */
  discard(): void;
}
