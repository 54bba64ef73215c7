import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../../../src/sandbox/container/engine.ts';
import { ManagerRecord, sweepManagers } from '../../../../src/sandbox/container/manager-record.ts';

const NOBODY = 'leash-4194304-0badcafe';
let root: string;
let records: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leash-record-'));
  records = path.join(root, 'managers');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** It writes down what it is asked, and complains when told to. */
function engine(complaint = ''): Engine & { asked: () => string[] } {
  const program = path.join(root, 'engine');
  const end = complaint === '' ? '' : `echo "${complaint}" >&2; exit 1`;
  writeFileSync(program, `#!/bin/sh\necho "$@" >> ${program}.log\n${end}\n`);
  chmodSync(program, 0o755);
  const asked = (): string[] => readFileSync(`${program}.log`, 'utf8').trim().split('\n');
  const env = { DOCKER_HOST: 'tcp://there:1', PATH: process.env['PATH'], SECRET: 'canary' };
  return { name: 'docker', program, options: [], env, uid: 0, gid: 0, isElsewhere: true, asked };
}

test('what the engine holds goes with the session: both containers, then the volume; and it is noted without the environment', async () => {
  const there = engine();
  const record = new ManagerRecord(records, there);
  const file = path.join(records, record.name);
  expect(readFileSync(file, 'utf8')).not.toContain('canary');
  await record.remove();
  expect(there.asked()).toEqual([`rm --force ${record.name} ${record.name}-manager`, `volume rm ${record.name}`]);
  expect(existsSync(file)).toBe(false);
});

test('what a dead session left goes before the next, with the same engine only; who cannot be asked is asked again', async () => {
  const there = engine();
  const record = new ManagerRecord(records, there);
  const address = readFileSync(path.join(records, record.name), 'utf8');
  writeFileSync(path.join(records, NOBODY), address);
  writeFileSync(path.join(records, 'leash-4194304-00000000'), address.replace('there', 'elsewhere'));
  await sweepManagers(records, engine('cannot connect'));
  expect(readdirSync(records)).toHaveLength(3);
  await sweepManagers(records, engine('no such volume'));
  expect(readdirSync(records).sort()).toEqual(['leash-4194304-00000000', record.name].sort());
  await sweepManagers(path.join(root, 'nowhere'), there);
});
