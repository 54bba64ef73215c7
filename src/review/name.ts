// Names of files as the kernel has them, bytes, in; strings of one character a byte out, which compare and nest like any text.
import { escapeUnprintable } from '../schema/printable.ts';

/** A path relative to what is under review, a character a byte, without a leading slash; '' is the place itself. */
export type BytePath = string;

export function bytesOf(name: BytePath): Buffer {
  return Buffer.from(name, 'latin1');
}

export function fromBytes(bytes: Buffer): BytePath {
  return bytes.toString('latin1');
}

export function fromText(text: string): BytePath {
  return fromBytes(Buffer.from(text));
}

export function join(folder: BytePath, name: BytePath): BytePath {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Whether `file` lies in `folder`, and is not the folder itself. */
export function isBelow(file: BytePath, folder: BytePath): boolean {
  return folder === '' ? file !== '' : file.startsWith(`${folder}/`);
}

/** For people, on one line: bytes that are no UTF-8 and what a terminal would act on are escaped. */
export function textOf(name: BytePath): string {
  const bytes = bytesOf(name);
  const text = bytes.toString('utf8');
  const whole = Buffer.from(text).equals(bytes)
    ? text
    : name.replace(/[\u0080-\u00ff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
  return escapeUnprintable(whole).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}
