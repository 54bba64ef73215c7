import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Processes } from '../../../../src/api/hub/processes.ts';
import { segmentName } from '../../../../src/journal/segment.ts';
import type { ProcessList } from '../../../../src/schema/api.ts';
import { openSample, SESSION_ID, sampleEvent, temporaryFolder } from '../../journal/sample-session.ts';

let processes: Processes;
beforeEach(() => {
  processes = new Processes();
});
afterEach(() => processes.close());

const by = (pid: number, more: object = {}) => sampleEvent({ who: { pid, parent: 1, exe: `/bin/p${pid}` }, ...more });
const counts = ({ processes: all }: ProcessList) => all.map(({ pid, events, denied }) => [pid, events, denied]);

test('what came since the last time is added', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  journal.append(by(7));
  journal.append(by(8, { effect: 'deny' }));
  await journal.flush();
  expect(counts(await processes.of(dir))).toEqual([
    [7, 1, 0],
    [8, 1, 1],
  ]);
  journal.append(by(7));
  await journal.close({ ended: 1, exitCode: 0 });
  const list = await processes.of(dir);
  expect(counts(list)).toEqual([
    [7, 2, 0],
    [8, 1, 1],
  ]);
  expect(list).toMatchObject({ isCut: false, isReading: false });
});

test('of a long journal one answer tells a part, and says so; several who ask at once count nothing twice', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (let number = 0; number < 48_000; number++) {
    journal.append(by(number % 3));
    if (number % 10_000 === 0) await journal.flush();
  }
  await journal.close({ ended: 1, exitCode: 0 });
  const [first, second, third] = await Promise.all([processes.of(dir), processes.of(dir), processes.of(dir)]);
  const sum = (list: ProcessList): number => list.processes.reduce((all, { events }) => all + events, 0);
  expect([sum(first), sum(second), sum(third)]).toEqual([20_000, 40_000, 48_000]);
  expect([first.isReading, second.isReading, third.isReading]).toEqual([true, true, false]);
});

test('of a journal that was changed: those before the change', async () => {
  const dir = path.join(temporaryFolder(), SESSION_ID);
  const journal = openSample(dir);
  for (const pid of [1, 2, 3]) journal.append(by(pid));
  await journal.close({ ended: 1, exitCode: 0 });
  const file = path.join(dir, segmentName(1));
  writeFileSync(file, readFileSync(file, 'utf8').replace('/bin/p2', '/bin/pX'));
  const list = await processes.of(dir);
  expect(list.processes.map(({ pid }) => pid)).toEqual([1, 2]);
  expect(list).toMatchObject({ isCut: true, isReading: false });
});
