// Names of which only the manager can decide: one may take another's place where both are decided alike, and nowhere else.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITIES, PERMISSIVE, Place, runLeash } from '../fixtures/leash.ts';

/** Says whether each pair was renamed, or why not. */
const RENAME =
  'while (@ARGV) { my ($from, $to) = splice @ARGV, 0, 2; print rename($from, $to) ? "moved" : $!{EXDEV} ? "EXDEV" : $!{EACCES} ? "EACCES" : "$!", "\n" }';

/** Nobody here belongs to a server. */
const POLICY = `${PERMISSIVE}
  @id("notes") forbid(principal, action in Action::"FileOpenReadWrite", resource)
  when { resource.path like "*/notes/*" && context.proc.via == "mcp:closed" };
  @id("vault") forbid(principal, action == Action::"FileOpenReadOnly", resource)
  when { resource.path like "*/vault/*" && context.proc.via != "mcp:vault" };
  @id("other") forbid(principal, action in Action::"FileOpenReadWrite", resource)
  when { resource.path like "*/other/*" && context.proc.via == "mcp:open" };
  @id("itself") forbid(principal, action == Action::"FileOpenReadOnly", resource)
  when { resource.path like "*/itself/*" && resource in context.proc.ancestors };
  @id("asked") @ask("Write?") forbid(principal, action == Action::"FileWrite", resource)
  when { resource.path like "*/asked/*" && context.proc.via == "mcp:closed" };`;

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  beforeEach(() => {
    place = new Place(as);
    for (const folder of ['notes', 'vault', 'other', 'itself', 'asked', 'plain']) {
      place.write(`${folder}/a`, `${folder} old\n`);
      place.write(`${folder}/a.tmp`, `${folder} new\n`);
      place.write(`${folder}/deep/a`, 'x');
    }
  });
  afterEach(() => place.remove());

  const rename = async (...pairs: readonly (readonly [string, string])[]): Promise<readonly string[]> => {
    const command = ['perl', '-MErrno', '-e', RENAME, ...pairs.flat()];
    const { stdout, stderr } = await runLeash(place, { policy: POLICY, command });
    expect(stdout.toString(), stderr).not.toBe('');
    return stdout.toString().trimEnd().split('\n');
  };
  const content = (name: string): string => readFileSync(path.join(place.workspace, name), 'utf8');

  it('a new file takes the place of an old one in its folder, and a folder moves within it', async () => {
    expect(
      await rename(
        ['notes/a.tmp', 'notes/a'],
        ['other/a.tmp', 'other/a'],
        ['notes/deep', 'notes/moved'],
        ['plain/a.tmp', 'plain/a'],
      ),
    ).toEqual(['moved', 'moved', 'moved', 'moved']);
    expect([content('notes/a'), content('other/a')]).toEqual(['notes new\n', 'other new\n']);
  });

  it('nothing leaves for where it would be open, comes from there, or goes to where something else is asked', async () => {
    expect(
      await rename(
        ['vault/a', 'plain/out'],
        ['vault/a', 'notes/out'],
        ['vault/deep', 'plain/deep2'],
        ['plain/a', 'notes/in'],
        ['notes/a', 'plain/out'],
        ['notes/a', 'other/a'],
      ),
    ).toEqual(['EXDEV', 'EXDEV', 'EXDEV', 'EXDEV', 'EXDEV', 'EXDEV']);
    expect(readdirSync(path.join(place.workspace, 'plain')).sort()).toEqual(['a', 'a.tmp', 'deep']);
  });

  it('where the name itself is asked about, or a person, names are not exchanged', async () => {
    expect(await rename(['itself/a.tmp', 'itself/a'], ['asked/a.tmp', 'asked/a'])).toEqual(['EXDEV', 'EXDEV']);
  });
});
