// The installed package in, its version on standard output out.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '../../host/errors.ts';
import { PACKAGE_ROOT } from '../../host/paths.ts';
import { print } from '../terminal.ts';

/** Version in `package.json`, without a prefix: `0.1.0`. */
export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(path.join(PACKAGE_ROOT, 'package.json'), 'utf8'));
  return manifest.version;
}

/** `leash --version`. */
export async function showVersion(): Promise<number> {
  await print(`leash ${packageVersion()}`);
  return EXIT.ok;
}
