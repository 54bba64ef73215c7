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

function complain(complaint: string): string {
  return `echo "${complaint}" >&2; exit 1`;
}

/** It writes down what it is asked, and goes on with a script. */
function engine(end = ''): Engine & { asked: () => string[] } {
  const program = path.join(root, 'engine');
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
  writeFileSync(path.join(records, NOBODY), address, { mode: 0o600 });
  writeFileSync(path.join(records, 'leash-4194304-00000000'), address.replace('there', 'elsewhere'), { mode: 0o600 });
  await sweepManagers(records, engine(complain('cannot connect')));
  expect(readdirSync(records)).toHaveLength(3);
  await sweepManagers(records, engine(complain('no such volume')));
  expect(readdirSync(records).sort()).toEqual(['leash-4194304-00000000', record.name].sort());
  await sweepManagers(path.join(root, 'nowhere'), there);
});

test('a container that cannot be removed while the other is there is asked for again', async () => {
  const log = path.join(root, 'engine.log');
  const there = engine(`if [ "$(grep -c "^rm" ${log})" = 1 ]; then ${complain('volume is being used')}; fi`);
  const record = new ManagerRecord(records, there);
  await record.remove();
  const both = [`rm --force ${record.name} ${record.name}-manager`, `volume rm ${record.name}`];
  expect(there.asked()).toEqual([...both, ...both]);
  expect(readdirSync(records)).toEqual([]);
});

test('two sessions that start at once sweep the same records', async () => {
  const there = engine(`rm -f ${records}/leash-4194304-*`);
  const record = new ManagerRecord(records, there);
  const address = readFileSync(path.join(records, record.name), 'utf8');
  for (const name of [NOBODY, 'leash-4194304-00000000'])
    writeFileSync(path.join(records, name), address, { mode: 0o600 });
  await sweepManagers(records, there);
  expect(readdirSync(records)).toEqual([record.name]);
});
