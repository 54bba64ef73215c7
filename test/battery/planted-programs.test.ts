// Programs in the workspace, on PATH under the names of those that Leash itself runs, in; none of them run outside the sandbox out.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, leashCommand, PERMISSIVE, Place } from '../fixtures/leash.ts';
import { killSession } from '../fixtures/session-processes.ts';

const DRIVER = fileURLToPath(new URL('../fixtures/terminal.py', import.meta.url));
/** `cat` as well: the sandbox cannot write where the mark is made, and runs it. */
const NAMES = ['bwrap', 'stty', 'podman', 'docker', 'runc', 'newuidmap', 'npm', 'java', 'python3', 'cat'];
const ASKING = `${PERMISSIVE} @id("ask") @ask("May it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name == "notes.txt" };`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  const mark = (): string => path.join(place.root, 'ran');
  const environment = (): NodeJS.ProcessEnv => {
    const own = place.environment;
    const planted = [path.join(place.workspace, 'bin'), path.join(place.root, 'links'), 'bin'];
    return { ...own, PATH: [...planted, own['PATH']].join(':') };
  };
  beforeEach(() => {
    place = new Place(as);
    place.write('notes.txt', 'text\n');
    place.write(mark(), '');
    chmodSync(mark(), 0o666);
    for (const name of NAMES) {
      const file = place.write(`bin/${name}`, `#!/bin/sh\necho ${name} >>${mark()}\necho planted ${name}\n`, 0o755);
      place.write(path.join(place.root, 'links/.keep'), '');
      symlinkSync(file, path.join(place.root, 'links', name));
    }
  });
  afterEach(() => {
    killSession(place); // podman leaves a process that waits for its next call
    place.remove();
  });

  const run = (args: readonly string[], command: readonly string[]) => {
    const [file = '', ...rest] = leashCommand(place, { args, command });
    return spawnSync(file, rest, { cwd: place.workspace, env: environment(), encoding: 'utf8' });
  };

  it('a session is built, asks on a terminal and ends without them; the agent runs them inside', () => {
    const args = ['--ask-timeout', '2'];
    const { stdout } = spawnSync(
      '/usr/bin/python3',
      [DRIVER, ...leashCommand(place, { args, command: ['sh', '-c', 'head notes.txt; cat; sleep 1'], policy: ASKING })],
      {
        input: JSON.stringify([['expect', 'question']]),
        cwd: place.workspace,
        env: { ...environment(), TERM: 'xterm' },
        encoding: 'utf8',
      },
    );
    const { text, failed } = JSON.parse(stdout) as { readonly text: string; readonly failed: string | null };
    expect(failed, text).toBeNull();
    expect(text).toContain('planted cat');
    expect(readFileSync(mark(), 'utf8')).toBe('');
  });

  it.each([[['doctor']], [['--backend', 'podman']], [['--backend', 'docker']]])('%s runs none of them', (args) => {
    const { stderr } = run(args, args[0]?.startsWith('--') ? ['true'] : []);
    expect(stderr).not.toContain('planted');
    expect(readFileSync(mark(), 'utf8')).toBe('');
  });

  it('where bubblewrap is nowhere else, nothing is started', () => {
    const by = ['/usr/bin/env', `PATH=${place.workspace}/bin:${place.root}/links`];
    const [file = '', ...rest] = leashCommand(place, { by, command: ['true'], policy: PERMISSIVE });
    const { status, stderr } = spawnSync(file, rest, {
      cwd: place.workspace,
      env: place.environment,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([125, expect.stringContaining('(`bwrap`) is not on PATH outside the workspace')]);
    expect(readFileSync(mark(), 'utf8')).toBe('');
  });
});
