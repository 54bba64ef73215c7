// The byte image of native/include/table.h: written from automata here, verified and walked the same way as in the warden.
//
// What a written image guarantees, and verifyImage checks on any other:
// - magic and length are right; every array lies inside the image at a multiple of four;
// - there is at least one slot, one dense state and one column, and no more than 256 columns;
// - every byte has a column below `columns`; every dense entry and every fallback is below `states`;
// - a base is TABLE_NONE or leaves room for 255 more; the root and free slots have check TABLE_NONE;
// - there is at least one program class; TABLE_PROGRAM's labels are program classes, the others' are plain or name a row;
// - every row has a plain label for each program class.
import type { Automaton } from './automaton.ts';
import { type DoubleArray, layOut, NONE } from './double-array.ts';
import type { TrieNode } from './trie.ts';

export const TABLE_FILE = 0;
export const TABLE_EXEC = 1;
export const TABLE_PROGRAM = 2;
export const TABLE_DENY = 0;
export const TABLE_ALLOW = 1;
export const TABLE_QUERY = 2;
export const TABLE_ASK = 3;

/** Set in a label that is no verdict but the number of a row. */
export const TABLE_ROW = 0x8000_0000;

const CLASSES = 3;
const MAGIC = 0x4c54_4232;
/** Words of struct table_class, of struct table_image before `programs`, and of all of it. */
const CLASS_WORDS = 10;
const PROGRAM_WORDS = 2 + CLASSES * CLASS_WORDS;
const HEADER_WORDS = PROGRAM_WORDS + 3;
/** Four for each of seven actions, and three of residual-numbers.ts. */
const LABEL_BITS = 31;

interface TableClass {
  readonly slots: number;
  readonly states: number;
  readonly columns: number;
  /** Offsets in words, except columnOf: in bytes. */
  readonly base: number;
  readonly check: number;
  readonly fallback: number;
  readonly slotLabel: number;
  readonly columnOf: number;
  readonly dense: number;
  readonly denseLabel: number;
}

/** What an image is written from. */
export interface Table {
  /** Of TABLE_FILE, TABLE_EXEC and TABLE_PROGRAM. */
  readonly automata: readonly [Automaton, Automaton, Automaton];
  /** Number of program classes, at least one. */
  readonly programs: number;
  /** For each row, the plain label of every program class. */
  readonly rows: readonly (readonly number[])[];
}

class ImageWriter {
  readonly #words: number[] = new Array<number>(HEADER_WORDS).fill(0);

  /** Appends words; returns their offset in bytes. */
  append(values: Iterable<number>): number {
    const offset = this.#words.length * 4;
    for (const value of values) this.#words.push(value);
    return offset;
  }

  appendBytes(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.append(Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true)));
  }

  setClass(index: number, fields: readonly number[]): void {
    for (const [i, field] of fields.entries()) this.#words[2 + index * CLASS_WORDS + i] = field;
  }

  setPrograms(programs: number, rows: readonly (readonly number[])[]): void {
    const offset = this.append(rows.flat());
    for (const [i, field] of [programs, rows.length, offset].entries()) this.#words[PROGRAM_WORDS + i] = field;
  }

  finish(): Uint8Array {
    this.#words[0] = MAGIC;
    this.#words[1] = this.#words.length * 4;
    const image = new Uint8Array(this.#words.length * 4);
    const view = new DataView(image.buffer);
    for (const [i, word] of this.#words.entries()) view.setUint32(4 * i, word, true);
    return image;
  }
}

export function writeImage({ automata, programs, rows }: Table): Uint8Array {
  const writer = new ImageWriter();
  for (const [index, automaton] of automata.entries()) {
    const trie = layOut(automaton.root);
    writer.setClass(index, [
      trie.slots,
      automaton.labels.length,
      automaton.columns,
      writer.append(trie.base),
      writer.append(trie.check),
      writer.append(slotValues(trie, (node) => node.fallback)),
      writer.append(slotValues(trie, (node) => node.label)),
      writer.appendBytes(automaton.columnOf),
      writer.append(automaton.next),
      writer.append(automaton.labels),
    ]);
  }
  writer.setPrograms(programs, rows);
  return writer.finish();
}

function slotValues(trie: DoubleArray, of: (node: TrieNode) => number): number[] {
  return Array.from({ length: trie.slots }, (_, slot) => {
    const node = trie.nodes[slot];
    return node === undefined ? 0 : of(node);
  });
}

/** Words as the machine reads them: Leash runs on little-endian processors only (x86-64, arm64). */
function readWords(image: Uint8Array): Uint32Array | undefined {
  if (image.length % 4 !== 0 || image.length < HEADER_WORDS * 4) return undefined;
  // A copy begins at an aligned address.
  return new Uint32Array(image.slice().buffer);
}

function readClass(words: Uint32Array, index: number): TableClass {
  const field = (i: number): number => words[2 + index * CLASS_WORDS + i]!;
  return {
    slots: field(0),
    states: field(1),
    columns: field(2),
    base: field(3) / 4,
    check: field(4) / 4,
    fallback: field(5) / 4,
    slotLabel: field(6) / 4,
    columnOf: field(7),
    dense: field(8) / 4,
    denseLabel: field(9) / 4,
  };
}

function isInside(words: Uint32Array, offset: number, length: number): boolean {
  return Number.isInteger(offset) && offset + length <= words.length;
}

function isPlainLabel(label: number): boolean {
  return label >>> LABEL_BITS === 0;
}

type LabelTest = (label: number) => boolean;

function classFault(words: Uint32Array, image: Uint8Array, table: TableClass, isLabel: LabelTest): string | undefined {
  const { slots, states, columns } = table;
  if (slots === 0 || states === 0 || columns === 0 || columns > 256) return 'empty or oversized automaton';
  const perSlot = [table.base, table.check, table.fallback, table.slotLabel];
  if (perSlot.some((offset) => !isInside(words, offset, slots))) return 'trie outside the image';
  if (!isInside(words, table.dense, states * columns) || !isInside(words, table.denseLabel, states)) {
    return 'dense automaton outside the image';
  }
  if (!isInside(words, table.columnOf / 4, 64)) return 'byte classes outside the image';
  const slice = (offset: number, length: number): Uint32Array => words.subarray(offset, offset + length);
  if (image.subarray(table.columnOf, table.columnOf + 256).some((column) => column >= columns))
    return 'byte without a class';
  if (slice(table.dense, states * columns).some((state) => state >= states)) return 'dense edge to nowhere';
  if (slice(table.fallback, slots).some((state) => state >= states)) return 'fallback to nowhere';
  if (slice(table.base, slots).some((base) => base !== NONE && base > NONE - 256)) return 'base out of range';
  if (words[table.check] !== NONE) return 'root with a parent';
  const labels = [slice(table.slotLabel, slots), slice(table.denseLabel, states)];
  return labels.every((array) => array.every(isLabel)) ? undefined : 'label without meaning';
}

/** The first rule an image breaks, or undefined when it may be walked. */
export function imageFault(image: Uint8Array): string | undefined {
  const words = readWords(image);
  if (words === undefined || words[0] !== MAGIC || words[1] !== image.length) return 'not a table image';
  const [programs, rows, row] = [words[PROGRAM_WORDS]!, words[PROGRAM_WORDS + 1]!, words[PROGRAM_WORDS + 2]! / 4];
  const hasPrograms = programs > 0 && programs <= image.length;
  if (!hasPrograms || !isInside(words, row, rows * programs)) return 'rows outside the image';
  if (!words.subarray(row, row + rows * programs).every(isPlainLabel)) return 'label without meaning';
  const isDecision: LabelTest = (label) => isPlainLabel(label) || (label >= TABLE_ROW && label - TABLE_ROW < rows);
  const isProgram: LabelTest = (label) => label < programs;
  for (let index = 0; index < CLASSES; index++) {
    const isLabel = index === TABLE_PROGRAM ? isProgram : isDecision;
    const fault = classFault(words, image, readClass(words, index), isLabel);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The label where a path ends in one automaton: a verdict, a row or a program class. */
function walkClass(image: Uint8Array, classId: number, path: Uint8Array): number {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const field = (i: number): number => view.getUint32(4 * (2 + classId * CLASS_WORDS + i), true);
  const word = (array: number, index: number): number => view.getUint32(field(array) + 4 * index, true);
  const [slots, columns] = [field(0), field(2)];
  let slot = 0;
  let state = NONE;
  for (const byte of path) {
    if (state === NONE) {
      const base = word(3, slot);
      const next = base + byte;
      if (base !== NONE && next < slots && word(4, next) === slot) {
        slot = next;
        continue;
      }
      state = word(5, slot);
    }
    state = word(8, state * columns + image[field(7) + byte]!);
  }
  return state === NONE ? word(6, slot) : word(9, state);
}

/** The program class of an executable, by the UTF-8 bytes of its path; of an unknown one by none: table_program. */
export function programClass(image: Uint8Array, exe: Uint8Array): number {
  return walkClass(image, TABLE_PROGRAM, exe);
}

/**
 * Walks a sound image over the UTF-8 bytes of a canonical path: table_walk of native/include/table.h. `classId` is TABLE_FILE or
 * TABLE_EXEC, `program` the class of the program that asks.
 * Returns a plain label: for action i four bits at 4 * i, the verdict of the enforced set and of the set with shadow policies; above them
 * a number of residual-numbers.ts.
 */
export function walkImage(image: Uint8Array, classId: number, path: Uint8Array, program: number): number {
  const label = walkClass(image, classId, path);
  if (label < TABLE_ROW) return label;
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const field = (i: number): number => view.getUint32(4 * (PROGRAM_WORDS + i), true);
  return view.getUint32(field(2) + 4 * ((label - TABLE_ROW) * field(0) + program), true);
}

/** The verdict of action `index` in a label: of the enforced set, or of the set with shadow policies. */
export function labelVerdict(label: number, index: number, set: 'enforced' | 'shadow'): number {
  return (label >>> (4 * index + (set === 'enforced' ? 0 : 2))) & 3;
}
