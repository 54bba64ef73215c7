// A machine other than this one: a root folder with recorded files, and programs that answer as recorded.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Host } from '../../../../src/host/doctor/host.ts';

export interface Recorded {
  /** Text by path below the root. */
  readonly files?: Readonly<Record<string, string>>;
  /** Shell commands by the name of the program. */
  readonly programs?: Readonly<Record<string, string>>;
}

export interface SampleHost extends Host {
  /** The only folder on its PATH; also where its native programs are. */
  readonly bin: string;
}

export function sampleHost({ files = {}, programs = {} }: Recorded = {}): SampleHost {
  const root = mkdtempSync(path.join(os.tmpdir(), 'leash-host-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const bin = path.join(root, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  for (const [name, commands] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${commands}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return { root, bin, env: { PATH: bin, LEASH_NATIVE_DIR: bin } };
}

export const DEBIAN = {
  'etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12"\nNAME="Debian GNU/Linux"\nID=debian\n',
} as const;
