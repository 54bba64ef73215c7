// The tree in; an English sentence for each place where it departs from CONTRIBUTING.md out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TESTED_BY } from './tested-by.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_LINES = 300;

/** What no build made and git does not ignore; paths from the root. */
function filesBelow(folder: string): string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    const isForeign = /^(\.git|dist|.*\/?node_modules|native\/build|bench\/results|\.cache)$/.test(name);
    return isForeign ? [] : entry.isDirectory() ? filesBelow(name) : entry.isFile() ? [name] : [];
  });
}

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const all = filesBelow('.');
const sources = all.filter((file) => /^src\/.*\.ts$/.test(file));
const code = all.filter((file) => /^(src|native|test|bench|ui|scripts)\/.*\.(ts|tsx|mjs|c|h|sh)$/.test(file));

interface Folder {
  readonly name: string;
  readonly layer: number;
  readonly imports: readonly string[];
}

/** The table of src/README.md. */
const folders: readonly Folder[] = [...read('src/README.md').matchAll(/^\| (\w+) \| (\d) \| ([\w, ]*)\|/gm)].map(
  ([, name = '', layer, imports = '']) => ({
    name,
    layer: Number(layer),
    imports: imports.split(',').flatMap((word) => word.trim() || []),
  }),
);

test('src/README.md has a row for every folder of src, and for no other', () => {
  const existing = readdirSync(path.join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map((folder) => folder.name).sort()).toEqual(existing.map((entry) => entry.name).sort());
});

test('a folder may import only lower layers; above layer 0 that includes schema and host', () => {
  const layerOf = new Map(folders.map((folder) => [folder.name, folder.layer]));
  const upward = folders.flatMap(({ name, layer, imports }) =>
    imports
      .filter((other) => (layerOf.get(other) ?? Number.POSITIVE_INFINITY) >= layer)
      .map((other) => `src/${name} (layer ${layer}) may not import src/${other}: correct the row in src/README.md`),
  );
  expect(upward).toEqual([]);
});

test.each(folders.map((folder) => [folder.name, folder.imports] as const))(
  'src/%s/tsconfig.json references what its row in src/README.md allows',
  (name, imports) => {
    const config = JSON.parse(read(`src/${name}/tsconfig.json`)) as { references?: { path: string }[] };
    expect((config.references ?? []).map((reference) => path.basename(reference.path)).sort()).toEqual(
      [...imports].sort(),
    );
  },
);

test('imports stay within the rows of src/README.md, lazy ones too', () => {
  const wrong = sources.flatMap((file) => {
    const folder = folders.find(({ name }) => file.startsWith(`src/${name}/`));
    return [...read(file).matchAll(/(?:from |import\()'(\.[^']+)'/g)].flatMap(([, target = '']) => {
      const imported = path.posix.join(path.posix.dirname(file), target).split('/')[1] ?? '';
      if (imported === folder?.name || folder?.imports.includes(imported)) return [];
      return [`${file} imports ${target}: hand it in as a parameter, or move it to a layer both may import`];
    });
  });
  expect(wrong).toEqual([]);
});

test('a file is named for what it is', () => {
  const vague = /(^|[/-])(utils?|helpers?|common|misc)([./-]|$)|(^|\/)index\.tsx?$/;
  const wrong = code.filter((file) => vague.test(file)).map((file) => `${file}: name it for the thing or act it holds`);
  expect(wrong).toEqual([]);
});

test(`no file is longer than ${MOST_LINES} lines`, () => {
  const long = code
    .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ file, lines }) => `${file} has ${lines} lines: find the second reason in it and give that a file`);
  expect(long).toEqual([]);
});

test('a source file opens with a sentence: what enters, what leaves', () => {
  const opening = /^(#!.*\n)?(\/\/|\/\*+|#)\s+\S[\s\S]{15,}?[.:?]/;
  const opened = code.filter((file) => !file.startsWith('test/unit/') && !file.endsWith('.test.ts'));
  const bare = opened.filter((file) => !opening.test(read(file).split('\n\n', 1)[0] ?? ''));
  expect(bare.map((file) => `${file}: begin with one comment sentence`)).toEqual([]);
});

test('a source file with a function has the unit test of its name', () => {
  const holdsCode = (file: string): boolean => /^(export )?(async )?(function|class)\b/m.test(read(file));
  const isListed = (file: string): boolean =>
    Object.keys(TESTED_BY).some((key) => (key.endsWith('/') ? file.startsWith(key) : file === key));
  const missing = sources
    .filter((file) => holdsCode(file) && !isListed(file))
    .map((file) => file.replace(/^src\/(.*)\.ts$/, 'test/unit/$1.test.ts'))
    .filter((file) => !existsSync(path.join(ROOT, file)));
  expect(missing.map((file) => `${file} is missing: write it, or say in TESTED_BY which test runs the source`)).toEqual(
    [],
  );
});

test('a suite that starts sessions does so as an ordinary user too: by IDENTITIES, or in the second run of CI', () => {
  const [, list = ''] = /USER_TESTS=\(([^)]*)\)/.exec(read('.ci/run')) ?? [];
  const again = list.trim().split(/\s+/);
  const suites = all.filter((file) => /^test\/(integration|e2e)\/.*\.test\.ts$/.test(file));
  const once = suites.filter(
    (file) =>
      read(file).includes('/fixtures/leash.ts') &&
      !read(file).includes('IDENTITIES') &&
      // What a browser shows does not ask whose session it is; the API's own suites run as both.
      !read(file).includes('/fixtures/interface.ts') &&
      !again.some((name) => file.startsWith(name)),
  );
  expect(once.map((file) => `${file}: use IDENTITIES, or name it in .ci/run`)).toEqual([]);
});

test('TESTED_BY names what exists', () => {
  const names = Object.entries(TESTED_BY).flat();
  expect(names.filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([]);
});

test('no file names the host of a package registry', () => {
  // In pieces, so that this file passes its own rule.
  const hosts = [
    'registry npmjs org',
    'registry yarnpkg com',
    'npm pkg github com',
    'pypi org',
    'files pythonhosted org',
  ];
  hosts.push('crates io', 'rubygems org', 'proxy golang org', 'deb debian org', 'archive ubuntu com');
  const pattern = new RegExp(hosts.map((host) => host.replaceAll(' ', '\\.')).join('|'));
  const text = all.filter((file) => !/\.(png|ico|woff2|wasm|pcap)$/.test(file));
  expect(text.filter((file) => pattern.test(read(file))).map((file) => `${file}: take the host out`)).toEqual([]);
});
