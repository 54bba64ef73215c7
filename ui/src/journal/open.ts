// Files that a person chose or dropped in; the session's record, its segments in order, and their verification out.
import type { SessionInfo } from '../../../src/schema/event.ts';
import { type Segment, type Verification, verify } from './verify.ts';

export interface Journal extends Verification {
  readonly names: readonly string[];
  readonly session?: SessionInfo;
}

function isSessionInfo(value: unknown): value is SessionInfo {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

async function readSession(file: File): Promise<SessionInfo> {
  const value: unknown = JSON.parse(await file.text());
  if (!isSessionInfo(value)) throw new Error(`${file.name} is not the record of a session`);
  return value;
}

async function readSegment(file: File): Promise<Segment> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

/**
 * Opens one or more `events-NNNNNN.jsonl`, with or without the `session.json` that lies beside them.
 * Throws an Error whose message is for the person.
 */
export async function openJournal(files: readonly File[]): Promise<Journal> {
  // The number in a segment's name has leading zeros: the order of names is the order of time.
  const segmentFiles = files
    .filter((file) => file.name.endsWith('.jsonl'))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  if (segmentFiles.length === 0) throw new Error('Choose at least one journal segment, a file named events-….jsonl.');
  const record = files.find((file) => file.name === 'session.json');
  const session = record && (await readSession(record));
  const verification = await verify(await Promise.all(segmentFiles.map(readSegment)), session);
  return { ...verification, names: segmentFiles.map((file) => file.name), ...(session && { session }) };
}
