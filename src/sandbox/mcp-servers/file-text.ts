// Name of a file that may be the agent's work in; its text and where it really lies out, or why it is not read.
import fs from 'node:fs';

export type FileText =
  | { readonly text: string; readonly isOfWorkspace: boolean }
  | { readonly fault: string }
  /** There is none. */
  | undefined;

/** The largest settings that were seen hold a history, and have 1 MiB. */
export const MOST_BYTES: number = 4 << 20;

const ABSENT = ['ENOENT', 'ENOTDIR'];

export function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** It may grow while it is read. */
function readAll(descriptor: number, size: number): Buffer | undefined {
  const bytes = Buffer.alloc(Math.min(size, MOST_BYTES) + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    read = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
  return length > size || length > MOST_BYTES ? undefined : bytes.subarray(0, length);
}

/**
 * @param workspace its real path
 * @param mustBeOfWorkspace a link of the workspace must not make Leash read what the agent cannot
 */
export function fileText(file: string, workspace: string, mustBeOfWorkspace: boolean): FileText {
  let descriptor: number | undefined;
  try {
    // Opening a device can act on it; the kind is asked again below, of what was opened.
    if (!fs.statSync(file).isFile()) return { fault: 'it is no regular file' };
    // O_NONBLOCK: open(2) of a FIFO would wait for a writer.
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) return { fault: 'it is no regular file' };
    const isOfWorkspace = isWithin(fs.readlinkSync(`/proc/self/fd/${descriptor}`), workspace);
    if (mustBeOfWorkspace && !isOfWorkspace) return { fault: 'it is a link that leads out of the workspace' };
    if (stat.size > MOST_BYTES) return { fault: `it has more than ${MOST_BYTES >> 20} MiB` };
    const bytes = readAll(descriptor, stat.size);
    return bytes === undefined
      ? { fault: 'it grows while it is read' }
      : { text: bytes.toString('utf8').replace(/^\ufeff/, ''), isOfWorkspace };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    return ABSENT.includes(code) ? undefined : { fault: `it cannot be read (${code})` };
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
