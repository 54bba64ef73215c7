import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import {
  imageFault,
  labelVerdict,
  programClass,
  TABLE_ALLOW,
  TABLE_ASK,
  TABLE_DENY,
  TABLE_EXEC,
  TABLE_FILE,
  TABLE_QUERY,
  TABLE_ROW,
  walkImage,
} from '../../../../src/policy/compile/image.ts';
import { compileTable } from '../../../../src/policy/compile/table.ts';
import { readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { FACTS } from '../judge.ts';

function table(...texts: readonly string[]): Uint8Array {
  const policies = texts.map((text, i) => {
    const asking = text.startsWith('@ask') ? { ask: 'May it?' } : {};
    return readPolicy({ id: `p${i}`, shadow: text.startsWith('@mode'), ...asking, json: statementToJson(text) });
  });
  return compileTable(policies, FACTS);
}

function verdicts(image: Uint8Array, classId: number, path: string, index = 0, exe = '/bin/sh'): [number, number] {
  const program = programClass(image, new TextEncoder().encode(exe));
  const label = walkImage(image, classId, new TextEncoder().encode(path), program);
  return [labelVerdict(label, index, 'enforced'), labelVerdict(label, index, 'shadow')];
}

const IMAGE = table(
  'permit(principal, action, resource in Dir::"@workspace/");',
  'forbid(principal, action, resource) when { resource is File && resource.name == ".env" };',
  'permit(principal, action == Action::"ProcessExec", resource) when { context.argc < 3 };',
  '@mode("shadow") forbid(principal, action == Action::"FileOpenReadOnly", resource in Dir::"/w/s/");',
);

describe('the table', () => {
  test('a person decides where only asking policies permit or forbid', () => {
    const image = table(
      'permit(principal, action, resource in Dir::"/a/");',
      '@ask forbid(principal, action, resource in Dir::"/a/b/");',
      'forbid(principal, action, resource in Dir::"/a/b/c/");',
      '@ask permit(principal, action, resource in Dir::"/d/");',
      '@ask permit(principal, action, resource in Dir::"/e/") when { context.proc.uid == 0 };',
    );
    const of = (path: string): number => verdicts(image, TABLE_FILE, path)[0];
    expect(['/a/x', '/a/b/x', '/a/b/c/x', '/d/x', '/x', '/e/x'].map(of)).toEqual([
      TABLE_ALLOW,
      TABLE_ASK,
      TABLE_DENY,
      TABLE_ASK,
      TABLE_DENY,
      TABLE_QUERY,
    ]);
  });

  test.each([
    [TABLE_FILE, '/w/a', [TABLE_ALLOW, TABLE_ALLOW]],
    [TABLE_FILE, '/w/', [TABLE_ALLOW, TABLE_ALLOW]],
    [TABLE_FILE, '/w', [TABLE_DENY, TABLE_DENY]],
    [TABLE_FILE, '/w/.env', [TABLE_DENY, TABLE_DENY]],
    [TABLE_FILE, '/w/.env/', [TABLE_ALLOW, TABLE_ALLOW]],
    [TABLE_FILE, '/w/s/a', [TABLE_ALLOW, TABLE_DENY]],
    [TABLE_EXEC, '/w/a', [TABLE_ALLOW, TABLE_ALLOW]],
    [TABLE_EXEC, '/w/.env', [TABLE_DENY, TABLE_DENY]],
    [TABLE_EXEC, '/bin/a', [TABLE_QUERY, TABLE_QUERY]],
    [TABLE_EXEC, '/w/', [TABLE_DENY, TABLE_DENY]],
  ] as const)('class %i, %s', (classId, path, expected) => {
    expect(verdicts(IMAGE, classId, path)).toEqual(expected);
  });

  test('keeps the actions apart', () => {
    const image = table('permit(principal, action == Action::"FileSetAttr", resource);');
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => verdicts(image, TABLE_FILE, '/x', index)[0])).toEqual([
      0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  test('asks about users, ancestors, MCP servers and sessions, and only where they matter', () => {
    const image = table(
      'permit(principal, action, resource in Dir::"/a/") when { context.proc.ancestors.contains(File::"/bin/sh") };',
      'permit(principal, action, resource in Dir::"/u/") when { context.proc.uid == 0 };',
      'permit(principal, action, resource in Dir::"/m/") when { context.proc.via == "mcp:a" };',
      'permit(principal, action, resource in Dir::"/n/") when { context.proc.via != "mcp:a" };',
      'permit(principal, action, resource in Dir::"/s/") when { principal.session == "s1" };',
    );
    const asked = ['/a/x', '/u/x', '/m/x', '/n/x', '/s/x', '/x'];
    expect(asked.map((path) => verdicts(image, TABLE_FILE, path)[0])).toEqual([2, 2, 2, 2, 2, 0]);
  });

  describe('knows which program asks', () => {
    const image = table(
      'permit(principal, action, resource in Dir::"/a/") when { context.proc.exe == File::"/usr/bin/git" };',
      'permit(principal, action, resource in Dir::"/b/") when { context.proc.exe.name like "git*" };',
      'permit(principal, action, resource in Dir::"/c/") when { context.proc.exe in Dir::"/usr/" && context.proc.uid == 0 };',
      'permit(principal, action, resource in Dir::"/d/") when { context.proc.exe.path == "" };',
      'permit(principal, action == Action::"ProcessExec", resource) when { context.proc.exe.name == "sh" };',
    );
    test.each([
      ['/usr/bin/git', [1, 1, 2, 0, 0]],
      ['/w/git', [0, 1, 0, 0, 0]],
      ['/usr/bin/git-lfs', [0, 1, 2, 0, 0]],
      ['/usr/bin/git (deleted)', [0, 1, 2, 0, 0]],
      ['/usr/bin/sh', [0, 0, 2, 0, 1]],
      ['', [0, 0, 0, 1, 0]],
    ] as const)('%s', (exe, expected) => {
      const files = ['/a/x', '/b/x', '/c/x', '/d/x'].map((path) => verdicts(image, TABLE_FILE, path, 0, exe)[0]);
      expect([...files, verdicts(image, TABLE_EXEC, '/x', 0, exe)[0]]).toEqual(expected);
    });
  });

  test('no policy denies everything', () => {
    expect(verdicts(table(), TABLE_FILE, '/a')).toEqual([TABLE_DENY, TABLE_DENY]);
  });
});

describe('imageFault', () => {
  test('finds nothing in what was written', () => {
    expect(imageFault(IMAGE)).toBeUndefined();
  });

  test.each([0, 1, 80, IMAGE.length - 4, IMAGE.length - 1])('refuses an image cut at %i', (length) => {
    expect(imageFault(IMAGE.slice(0, length))).toBeDefined();
  });

  // Every word of the header, and of each array, set to a value that would lead a walk astray.
  test('refuses any header field that points outside', () => {
    for (let word = 0; word < 35; word++) {
      const broken = IMAGE.slice();
      new DataView(broken.buffer).setUint32(4 * word, 0x7fff_fffc, true);
      expect([word, imageFault(broken)]).toEqual([word, expect.any(String)]);
    }
  });

  test('refuses edges and fallbacks that mean nothing', () => {
    const field = (i: number): number => new DataView(IMAGE.buffer).getUint32(4 * (2 + i), true);
    const spoil = (offset: number, value: number): string | undefined => {
      const broken = IMAGE.slice();
      new DataView(broken.buffer).setUint32(offset, value, true);
      return imageFault(broken);
    };
    expect(spoil(field(3), 0xffff_ff80)).toBe('base out of range');
    expect(spoil(field(4), 0)).toBe('root with a parent');
    expect(spoil(field(5), field(1))).toBe('fallback to nowhere');
    expect(spoil(field(7), 0xffff_ffff)).toBe('byte without a class');
    expect(spoil(field(8), field(1))).toBe('dense edge to nowhere');
    expect(spoil(field(9), TABLE_ROW)).toBe('label without meaning');
    expect(spoil(field(29), 1)).toBe('label without meaning');
    expect(spoil(4 * 32, 0)).toBe('rows outside the image');
  });

  test('refuses rows and program classes that are not there', () => {
    const image = table(
      'permit(principal, action == Action::"FileWrite", resource) when { context.proc.exe == File::"/usr/bin/git" };',
    );
    const view = new DataView(image.buffer);
    const [programs, rows, row] = [32, 33, 34].map((word) => view.getUint32(4 * word, true));
    expect([programs, rows]).toEqual([2, 1]);
    const labels = Array.from({ length: image.length / 4 }, (_, word) => 4 * word);
    const at = labels.find((offset) => view.getUint32(offset, true) === TABLE_ROW) ?? 0;
    const spoil = (offset: number, value: number): string | undefined => {
      const broken = image.slice();
      new DataView(broken.buffer).setUint32(offset, value, true);
      return imageFault(broken);
    };
    expect(spoil(at, TABLE_ROW + 1)).toBe('label without meaning');
    expect(spoil(row ?? 0, TABLE_ROW)).toBe('label without meaning');
    expect(spoil(4 * 33, 2)).toBe('rows outside the image');
    expect(spoil(4 * 32, 1)).toBe('label without meaning');
  });
});
