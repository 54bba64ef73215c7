import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProcessTable } from '../../../src/engine/process-table.ts';
import { ConnectionOwners } from '../../../src/session/attribution.ts';

const processes = new ProcessTable();
processes.learn({ line: 7, lineUp: 0, pid: 7, parent: 2, hostPid: 1, uid: 1000, exe: '/bin/curl', argv: ['curl'] });
const report = { pid: 7, line: 7, localPort: 40_000, port: 443, family: 4, protocol: 'tcp' } as const;
const curl = {
  who: { pid: 7, parent: 2, exe: '/bin/curl', argv: ['curl'] },
  program: { exe: '/bin/curl', uid: 1000, ancestors: [] },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the owner of a connection is found', () => {
  test('when the report came first', async () => {
    const owners = new ConnectionOwners(processes);
    owners.learn(report);
    expect(await owners.who(40_000, 4)).toEqual(curl);
  });

  test('when the connection came first', async () => {
    const owners = new ConnectionOwners(processes);
    const owner = owners.who(40_000, 4);
    owners.learn(report);
    expect(await owner).toEqual(curl);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a report is good for one connection, of its family', async () => {
  const owners = new ConnectionOwners(processes);
  owners.learn(report);
  const other = owners.who(40_000, 6);
  expect(await owners.who(40_000, 4)).toEqual(curl);
  const again = owners.who(40_000, 4);
  await vi.advanceTimersByTimeAsync(2_000);
  expect([await other, await again]).toEqual([undefined, undefined]);
});

test('a port that asks the resolver owns no connection', async () => {
  const owners = new ConnectionOwners(processes);
  owners.learn({ ...report, protocol: 'udp' });
  expect(owners.asker(40_000, 4)).toEqual(curl);
  expect(owners.asker(40_001, 4)).toBeUndefined();
  const owner = owners.who(40_000, 4);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await owner).toBeUndefined();
});
