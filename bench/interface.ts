// A journal that grows, and the Live screen on it in Chromium, in; frames a second and how far the screen lags behind, at several rates, out;
// and of a session of a million events how long it takes to open, and to filter.
//
//   npm run bench -- interface [seconds]
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { JournalWriter } from '../src/journal/writer.ts';
import type { Event } from '../src/schema/event.ts';
import { freePort } from '../test/fixtures/control.ts';
import { Interface, NO_BROWSER } from '../test/fixtures/interface.ts';
import { finished, PERMISSIVE, Place, startLeash } from '../test/fixtures/leash.ts';
import { journalAt } from './journal-at.ts';
import { median, type Row, report } from './measure.ts';

const SECONDS = Number(process.argv[2] ?? 10);
const RATES = [0, 1_000, 20_000];
/** Milliseconds between two looks of the writer at its clock. */
const TICK = 5;
const ID = '20261130-000000-live';
const LONG_ID = '20261130-000000-long';
const LONG = 1_000_000;
const OPENINGS = 5;

interface Watched {
  /** Between each frame and the one before it, in milliseconds. */
  readonly frames: readonly number[];
  /** At each frame: milliseconds since the last event that is shown. */
  readonly lags: readonly number[];
}

function event(number: number): Event {
  return {
    v: 1,
    time: Date.now(),
    who: { pid: number % 400, parent: 1, exe: `/usr/bin/program-${number % 50}` },
    action: 'FileOpenReadOnly',
    resource: { type: 'path', path: `/home/user/project/src/folder-${number % 500}/file-${number % 20_000}.ts` },
    effect: number % 1000 === 0 ? 'deny' : 'allow',
    enforced: true,
    policies: ['base'],
    epoch: 1,
  };
}

async function write(journal: JournalWriter, rate: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  for (let written = 0; !signal.aborted; ) {
    const due = Math.floor(((performance.now() - start) * rate) / 1000);
    for (; written < due; written++) journal.append(event(written));
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
}

/** In the page, as text: it speaks of what this program has not. */
const WATCH = (milliseconds: number): string => `(async () => {
  const frames = [], lags = [], day = 86_400_000, start = performance.now();
  for (let last = start; last - start < ${milliseconds}; ) {
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    frames.push(now - last);
    last = now;
    const time = [...document.querySelectorAll('.live-row .quiet')].findLast((cell) => /^\\d\\d:/.test(cell.textContent));
    if (time) lags.push((Date.now() - Date.parse('1970-01-01T' + time.textContent + 'Z')) % day);
  }
  return { frames: frames.slice(1), lags };
})()`;

function row(name: string, values: readonly number[]): Row {
  return { name, median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

async function at(rate: number, page: Page, journal: JournalWriter): Promise<readonly Row[]> {
  const over = new AbortController();
  const writing = write(journal, rate, over.signal);
  // What was before is drawn, and the compiler has seen the code.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const { frames, lags } = await page.evaluate<Watched>(WATCH(SECONDS * 1000));
  over.abort();
  await writing;
  const name = `${rate.toLocaleString('en')} events/s`;
  const perSecond = (1000 * frames.length) / frames.reduce((sum, part) => sum + part, 0);
  const all = [
    { name: `${name}: frames/s`, median: perSecond, min: 1000 / Math.max(...frames), max: 1000 / Math.min(...frames) },
  ];
  return rate === 0 ? all : [...all, row(`${name}: lag, ms`, lags)];
}

async function writeLong(dir: string): Promise<void> {
  const journal = journalAt(dir, LONG_ID);
  for (let number = 0; number < LONG; number++) {
    journal.append(event(number));
    if (number % 10_000 === 0) await journal.flush();
  }
  await journal.close({ ended: Date.now(), exitCode: 0 });
}

/** In the page: milliseconds from a text in the field of filters to rows that all have it. */
const FILTER = (text: string): string => `(async () => {
  const field = document.querySelector('.live-filters input');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const start = performance.now();
  set.call(field, '${text}');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const rows = [...document.querySelectorAll('.live-row')];
    if (rows.length > 0 && rows.every((row) => row.textContent.includes('${text}'))) return performance.now() - start;
  }
})()`;

/** Each time in a browser window that has nothing of it. */
async function openings(ui: Interface): Promise<readonly Row[]> {
  const opened: number[] = [];
  const filtered: number[] = [];
  for (let round = 0; round < OPENINGS; round++) {
    const start = performance.now();
    const page = await ui.open(`/s/${LONG_ID}/live`);
    await page.locator('.live-row').first().waitFor();
    opened.push(performance.now() - start);
    filtered.push(await page.evaluate<number>(FILTER(`file-1${7 + (round % 3)}`)));
    await page.context().close();
  }
  return [row('a million events: open, ms', opened), row('a million events: filter, ms', filtered)];
}

if (NO_BROWSER !== undefined) throw new Error(NO_BROWSER);
const place = new Place();
const port = await freePort();
const session = startLeash(place, { policy: PERMISSIVE, command: ['cat'], args: ['--listen', String(port)] });
const over = finished(session);
const ui = await Interface.of(place, port);
try {
  const dir = path.join(place.home, '.local/state/leash/sessions', ID);
  const journal = journalAt(dir, ID);
  journal.append(event(0));
  await journal.flush();
  const page = await ui.open(`/s/${ID}/live`);
  await page.locator('.live-row').first().waitFor();
  const rows: Row[] = [];
  for (const rate of RATES) rows.push(...(await at(rate, page, journal)));
  await writeLong(path.join(place.home, '.local/state/leash/sessions', LONG_ID));
  rows.push(...(await openings(ui)));
  report('interface', 'as each row says', rows, '0 events/s: frames/s', []);
  await journal.close({ ended: Date.now(), exitCode: 0 });
} finally {
  await ui.close();
  session.stdin?.end();
  await over;
  place.remove();
}
