import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProcessTable } from '../../../src/engine/process-table.ts';
import { ConnectionOwners } from '../../../src/session/attribution.ts';

const processes = new ProcessTable();
processes.learn({
  line: 7,
  lineUp: 0,
  server: 0,
  pid: 7,
  parent: 2,
  hostPid: 1,
  uid: 1000,
  exe: '/bin/curl',
  argv: ['curl'],
});
const report = {
  pid: 7,
  line: 7,
  localPort: 40_000,
  port: 443,
  family: 4,
  protocol: 'tcp',
  local: '10.255.255.1',
} as const;
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

test('who took a port is who listens there, and owns no connection', async () => {
  const owners = new ConnectionOwners(processes);
  owners.learn({ ...report, port: 0, isBound: true });
  expect(owners.listener(40_000)).toEqual(curl.who);
  expect(owners.listener(40_001)).toBeUndefined();
  const owner = owners.who(40_000, 4);
  vi.runAllTimers();
  expect(await owner).toBeUndefined();
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

describe('the sender of a datagram', () => {
  const udp = { ...report, protocol: 'udp' } as const;
  const from = (address: string) => ({ address, port: 40_000 });
  const exe = (owners: ConnectionOwners, address: string) => owners.sender(from(address))?.program.exe;
  processes.learn({
    line: 8,
    lineUp: 0,
    server: 0,
    pid: 8,
    parent: 2,
    hostPid: 1,
    uid: 1000,
    exe: '/bin/nc',
    argv: ['nc'],
  });
  const nc = { ...udp, pid: 8, line: 8 };

  test('owns no connection', async () => {
    const owners = new ConnectionOwners(processes);
    owners.learn(udp);
    expect(owners.sender(from('10.255.255.1'))).toMatchObject(curl);
    expect(owners.sender(from('10.255.255.2'))).toBeUndefined();
    expect(owners.sender({ address: '10.255.255.1', port: 40_001 })).toBeUndefined();
    const owner = owners.who(40_000, 4);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await owner).toBeUndefined();
  });

  test('with a socket of any address sends from each, in its family', () => {
    const owners = new ConnectionOwners(processes);
    owners.learn({ ...udp, local: '0.0.0.0' });
    expect(['10.255.255.1', '9.9.9.9', '::1'].map((address) => exe(owners, address))).toEqual([
      '/bin/curl',
      '/bin/curl',
      undefined,
    ]);
  });

  test('is the one that reported last: the port of a closed socket serves no other program', () => {
    const owners = new ConnectionOwners(processes);
    owners.learn(udp);
    owners.learn({ ...nc, local: '0.0.0.0' });
    expect(exe(owners, '10.255.255.1')).toBe('/bin/nc');
    owners.learn(udp);
    expect([exe(owners, '10.255.255.1'), exe(owners, '9.9.9.9')]).toEqual(['/bin/curl', '/bin/nc']);
  });

  test("is of the program that the datagram names: what was sent before the port changed hands is nobody's", () => {
    const owners = new ConnectionOwners(processes);
    owners.learn({ ...nc, local: '0.0.0.0' });
    expect(owners.sender(from('10.255.255.1'), 8)?.program.exe).toBe('/bin/nc');
    owners.learn({ ...udp, local: '0.0.0.0' });
    expect(owners.sender(from('10.255.255.1'), 8)).toBeUndefined();
    expect(owners.sender(from('10.255.255.1'), 7)?.program.exe).toBe('/bin/curl');
    expect(owners.sender(from('10.255.255.1'), 0)).toBeUndefined();
  });

  test('whose program is not known takes the port and sends nothing', () => {
    const owners = new ConnectionOwners(processes);
    owners.learn(udp);
    owners.learn({ ...udp, pid: 9, line: 9 });
    expect(exe(owners, '10.255.255.1')).toBeUndefined();
  });

  test('is the same program as long as its line of descent is', () => {
    const owners = new ConnectionOwners(processes);
    const programOf = () => owners.sender(from('10.255.255.1'))?.program;
    owners.learn(udp);
    const first = programOf();
    owners.learn({ ...udp, pid: 10 });
    expect(programOf()).toBe(first);
    owners.learn(nc);
    expect(programOf()).not.toBe(first);
    owners.learn(udp);
    expect(programOf()).not.toBe(first);
  });
});
