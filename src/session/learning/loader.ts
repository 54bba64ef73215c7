// The path of a program in; the dynamic loader that the kernel maps beside it, as this machine has it, out.
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';

/** Enough for the header of a program and its segments; what a linker writes stands there. */
const HEAD_BYTES = 4096;
const PT_INTERP = 3;
/** A program can be the agent's, and name any file: only what is a loader of the system counts. */
const LOADER = /^\/(?:usr\/|lib\d*\/|libx32\/|nix\/store\/).*\/?ld-[^/]*\.so[^/]*$/;

function headOf(file: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) return undefined;
    const head = Buffer.alloc(HEAD_BYTES);
    return head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0));
  } catch {
    return undefined; // not on this machine: a program of an image, or gone
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The name in a 64-bit little-endian program; undefined where there is none. Source: elf(5). */
export function interpreterName(head: Buffer): string | undefined {
  if (head.length < 64 || head.toString('latin1', 0, 4) !== '\x7fELF' || head[4] !== 2 || head[5] !== 1)
    return undefined;
  const [start, size, count] = [Number(head.readBigUInt64LE(32)), head.readUInt16LE(54), head.readUInt16LE(56)];
  for (let at = start, index = 0; index < count && size >= 56 && at + 56 <= head.length; index++, at += size) {
    if (head.readUInt32LE(at) !== PT_INTERP) continue;
    const [offset, length] = [Number(head.readBigUInt64LE(at + 8)), Number(head.readBigUInt64LE(at + 32))];
    if (length < 2 || offset + length > head.length) return undefined;
    return head.toString('utf8', offset, offset + length - 1);
  }
  return undefined;
}

/** Undefined for a script, a static program, and a program that is not on this machine. */
export function loaderOf(program: string): string | undefined {
  const head = headOf(program);
  const name = head && interpreterName(head);
  if (name === undefined || !name.startsWith('/')) return undefined;
  try {
    const real = realpathSync(name);
    return LOADER.test(real) ? real : undefined;
  } catch {
    return undefined;
  }
}
