// A token's scope in, the control page before the person out: in a browser, or as an address to open.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { tokenFor } from '../../api/access.ts';
import { type ListenAddress, listenText } from '../../api/listen-address.ts';
import { userKey } from '../../api/user-key.ts';
import { findProgram } from '../../host/doctor/find-program.ts';
import { stateDir } from '../../host/paths.ts';
import type { TokenScope } from '../../schema/api.ts';

/** Milliseconds for a browser to start and to read the file. */
const FILE_LIFE = 20_000;

/** The token stands in the fragment: browsers send it nowhere (RFC 9110, section 7.1). */
export function pageAddress(address: ListenAddress, scope: TokenScope, token: string): string {
  const session = scope === 'user' ? '' : `session=${scope.slice('session:'.length)}&`;
  return `http://${listenText(address)}/#${session}token=${token}`;
}

/** A page that leads on. Command lines are for everybody to read, so the address is not on one. */
export function forwardingPage(url: string): string {
  const target = JSON.stringify(url).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><title>Leash</title><script>location.replace(${target})</script>\n`;
}

function openInBrowser(url: string, env: NodeJS.ProcessEnv): boolean {
  const opener =
    env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? findProgram('xdg-open', env, env['LEASH_WORKSPACE']) : undefined;
  if (opener === undefined) return false;
  const file = path.join(stateDir(env), `open-${randomBytes(8).toString('hex')}.html`);
  fs.writeFileSync(file, forwardingPage(url), { mode: 0o600, flag: 'wx' });
  const remove = (): void => fs.rmSync(file, { force: true });
  setTimeout(remove, FILE_LIFE).unref();
  process.once('exit', remove);
  const browser = spawn(opener, [file], { env, detached: true, stdio: 'ignore' });
  browser.on('error', () => undefined); // the address is printed as well
  browser.unref();
  return true;
}

/**
 * Not by the session's own `say`, which is kept on the disk.
 * @param env of programs that Leash itself runs: `outsideEnv`
 * @returns whether a browser was started, which has yet to read a file
 */
export function showPage(address: ListenAddress, scope: TokenScope, env: NodeJS.ProcessEnv): boolean {
  const url = pageAddress(address, scope, tokenFor(scope, userKey(stateDir(env))));
  const isOpened = openInBrowser(url, env);
  process.stderr.write(`leash: ${isOpened ? 'opened' : 'open in your browser:'} ${url}\n`);
  return isOpened;
}
