import { mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dataBlock, reportRoutes } from '../../../../src/api/hub/report.ts';
import type { Call, StreamReply } from '../../../../src/api/hub/route.ts';
import { StreamLimit } from '../../../../src/api/hub/stream-limit.ts';
import { findSession } from '../../../../src/journal/session-list.ts';
import { openJournal } from '../../../../src/journal/writer.ts';
import { type Block, filesOf } from '../../../../ui/src/journal/embedded.ts';
import { openJournal as openFiles } from '../../../../ui/src/journal/open.ts';
import { SESSION_ID, sampleEvent, sampleInfo } from '../../journal/sample-session.ts';

const HOSTILE = '</script><script>alert(1)</script><!--\u0000';
/** A script of the viewer's own that speaks of its end. */
const VIEWER = '<html><body><div id="root"></div><script type="module">"</body>"</script></body></html>';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-report-'));
  writeFileSync(path.join(folder, 'viewer.html'), VIEWER);
  const onError = (error: unknown): never => {
    throw error;
  };
  const writer = openJournal(path.join(folder, SESSION_ID), sampleInfo({ command: [HOSTILE] }), {
    segmentBytes: 1_000_000,
    onError,
  });
  // More than one block, and more than one segment.
  for (let count = 0; count < 3_000; count += 1) writer.append(sampleEvent({ reason: HOSTILE.repeat(8) }));
  await writer.close({ ended: Date.now(), exitCode: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function report(limit = new StreamLimit(1)): Promise<StreamReply> {
  const [route] = reportRoutes(limit, folder);
  return (await route?.answer({ session: findSession(SESSION_ID, folder) } as Call<unknown, unknown>)) as StreamReply;
}

async function textOf({ stream }: StreamReply): Promise<string> {
  let text = '';
  for await (const part of stream) text += part;
  return text;
}

function blocksIn(page: string): readonly Block[] {
  const blocks = page.matchAll(
    /<script type="application\/vnd\.leash\.journal" data-name="([\w.-]+)">([^<]*)<\/script>/g,
  );
  return [...blocks].map(([, name = '', text = '']) => ({ name, text }));
}

/** Files of the journal that this process has open. */
function openNow(): readonly string[] {
  const files = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // the one of this listing
    }
  });
  return files.filter((file) => file.startsWith(folder));
}

describe('a report', () => {
  test('carries the journal, byte for byte: its chain holds from the first event to the last', async () => {
    const blocks = blocksIn(await textOf(await report()));
    expect(new Set(blocks.map(({ name }) => name)).size).toBeGreaterThan(2);
    expect(blocks.length).toBeGreaterThan(new Set(blocks.map(({ name }) => name)).size);
    const journal = await openFiles(filesOf(blocks));
    expect(journal).toMatchObject({ isStartChecked: true, isEndChecked: true, session: { id: SESSION_ID } });
    expect(journal.fault).toBeUndefined();
    expect(journal.entries.length).toBe(3_000);
    expect(journal.entries[0]?.event.reason).toContain(HOSTILE);
  });

  test('is the viewer and data blocks, and nothing of it is what an agent wrote', async () => {
    const page = await textOf(await report());
    const rest = page.replaceAll(
      /<script type="application\/vnd\.leash\.journal" data-name="[\w.-]+">[A-Za-z0-9+/=]*<\/script>\n/g,
      '',
    );
    expect(rest).toBe(VIEWER.replace(/<\/body><\/html>$/, '\n</body></html>'));
  });

  test('is saved, not opened, and has the name of its session', async () => {
    const reply = await report();
    await reply.stream.return();
    expect(reply).toMatchObject({
      type: 'text/html; charset=utf-8',
      headers: { 'Content-Disposition': `attachment; filename="leash-${SESSION_ID}.html"` },
    });
  });

  test('counts as a stream, and closes its files when it is left or refused', async () => {
    const limit = new StreamLimit(1);
    const first = await report(limit);
    await first.stream.next();
    await expect(report(limit)).rejects.toMatchObject({ code: 'LEASH_API_BUSY' });
    expect(openNow()).not.toEqual([]);
    await first.stream.return();
    const again = await report(limit);
    // Left before anything of it was read.
    await again.stream.return();
    expect(openNow()).toEqual([]);
  });

  test('is not made of a journal that a browser could not hold', async () => {
    const file = path.join(folder, SESSION_ID, 'events-000009.jsonl');
    writeFileSync(file, '');
    truncateSync(file, 65 << 20);
    await expect(report()).rejects.toMatchObject({
      code: 'LEASH_REPORT_SIZE',
      message: expect.stringContaining('at most 64 MiB'),
    });
    rmSync(file);
  });
});

test('a block has no character that could end it, whatever the bytes are', () => {
  const bytes = Uint8Array.from({ length: 1024 }, (_, at) => at % 256);
  const [block] = blocksIn(dataBlock('events-000001.jsonl', bytes));
  expect(block?.text).toMatch(/^[A-Za-z0-9+/=]+$/);
  expect(Buffer.from(block?.text ?? '', 'base64').equals(bytes)).toBe(true);
});
