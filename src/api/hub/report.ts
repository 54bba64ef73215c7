// A session in; one HTML file out, which is the journal viewer with the session's record and segments in it, and opens from disk.
// It is made here and not in the browser: the chain is over the bytes of the segments, which no other route gives.
import { constants } from 'node:fs';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LeashError } from '../../host/errors.ts';
import { segmentName, segmentNumbers } from '../../journal/segment.ts';
import { API_ROOT } from '../../schema/api.ts';
import { type Route, route, sessionOf } from './route.ts';
import type { StreamLimit } from './stream-limit.ts';

/** Bytes of a journal; a browser holds the report whole, and the journal a second time. */
const REPORT_MAX: number = 64 << 20;
const VIEWER = 'viewer.html';
const RECORD = 'session.json';
/** Bytes of one block: a multiple of three, so that blocks of base64 can be joined. */
const BLOCK = 768 << 10;

interface Part {
  readonly name: string;
  readonly file: FileHandle;
  /** Bytes that are taken: a segment that is being written grows on. */
  readonly size: number;
}

/**
 * A data block: no browser runs it, so the viewer's policy stands as it is. Base64 has no `<`: whatever an agent wrote, nothing of it can
 * end the block, and the bytes that the chain is over come back as they were.
 */
export function dataBlock(name: string, bytes: Uint8Array): string {
  return `<script type="application/vnd.leash.journal" data-name="${name}">${Buffer.from(bytes).toString('base64')}</script>\n`;
}

async function* blocksOf({ name, file, size }: Part): AsyncGenerator<string, void, undefined> {
  for (let at = 0; at < size; ) {
    const wanted = Math.min(BLOCK, size - at);
    const bytes = Buffer.allocUnsafe(wanted);
    let got = 0;
    while (got < wanted) {
      const { bytesRead } = await file.read(bytes, got, wanted - got, at + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    yield dataBlock(name, bytes.subarray(0, got));
    // Shorter than it was: what is missing the viewer's check will name.
    if (got < wanted) return;
    at += wanted;
  }
}

async function closeAll(parts: readonly Part[]): Promise<void> {
  for (const { file } of parts) await file.close();
}

async function openPart(dir: string, name: string): Promise<Part> {
  const file = await open(path.join(dir, name), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return { name, file, size: (await file.stat()).size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The record first: what an ended session wrote is then all there. Throws LEASH_REPORT_SIZE. */
async function openParts(dir: string): Promise<readonly Part[]> {
  const parts: Part[] = [];
  try {
    parts.push(await openPart(dir, RECORD));
    for (const number of segmentNumbers(dir)) parts.push(await openPart(dir, segmentName(number)));
    const bytes = parts.reduce((sum, { size }) => sum + size, 0);
    if (bytes <= REPORT_MAX) return parts;
    const mebibytes = (count: number): string => `${Math.ceil(count / (1 << 20))} MiB`;
    throw new LeashError(
      'LEASH_REPORT_SIZE',
      `the journal has ${mebibytes(bytes)}, and a report at most ${mebibytes(REPORT_MAX)}`,
    );
  } catch (error) {
    await closeAll(parts);
    throw error;
  }
}

/** @param viewer the viewer's page. Blocks go before the end of its body: its script, a module, runs when all is read. */
async function* piecesOf(viewer: string, parts: readonly Part[]): AsyncGenerator<string, void, undefined> {
  try {
    yield '';
    const end = viewer.lastIndexOf('</body>');
    yield `${viewer.slice(0, end)}\n`;
    for (const part of parts) yield* blocksOf(part);
    yield viewer.slice(end);
  } finally {
    await closeAll(parts);
  }
}

/** Begun: one that is left before its first piece closes its files, too. */
async function reportOf(viewer: string, parts: readonly Part[]): Promise<AsyncGenerator<string, void, undefined>> {
  const pieces = piecesOf(viewer, parts);
  await pieces.next();
  return pieces;
}

/** @param pages folder of the built interface, where the viewer lies. */
export function reportRoutes(limit: StreamLimit, pages: string): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: `${API_ROOT}/sessions/:session/report`,
      access: 'session',
      summary: 'One HTML file with the journal in it, which shows and verifies it without Leash and without a network',
      answer: async (call) => {
        const { dir, info } = sessionOf(call);
        const viewer = await readFile(path.join(pages, VIEWER), 'utf8');
        const parts = await openParts(dir);
        const headers = { 'Content-Disposition': `attachment; filename="leash-${info.id}.html"` };
        try {
          return { stream: limit.counted(await reportOf(viewer, parts)), type: 'text/html; charset=utf-8', headers };
        } catch (error) {
          await closeAll(parts);
          throw error;
        }
      },
    }),
  ];
}
