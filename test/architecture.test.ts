// The tree in; an English sentence for each place where it departs from CONTRIBUTING.md out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MOST_LINES = 300;

/** Source files, or folders with a last `/`, that have no unit test of their own name; and the tests that run them. */
const TESTED_BY: Readonly<Record<string, string>> = {
  // The compiler is one function in many steps: what it answers is compared with the official Cedar on random policies.
  'src/policy/compile/': 'test/unit/policy/differential.test.ts',
  'src/policy/evaluate/': 'test/unit/policy/differential.test.ts',
  // What a comparison reports, and what it does not, is put to the official Cedar.
  'src/policy/compare/': 'test/unit/policy/compare/compare.test.ts',
  'src/policy/check/check-source.ts': 'test/unit/policy/load.test.ts',
  'src/policy/policy-set.ts': 'test/unit/policy/load.test.ts',
  'src/policy/stored.ts': 'test/unit/policy/load.test.ts',
  // The edges of the proxy are sockets: real clients and servers on loopback run them.
  'src/proxy/proxy.ts': 'test/integration/proxy-raw.test.ts',
  'src/proxy/record.ts': 'test/integration/proxy-http.test.ts',
  'src/proxy/connection/': 'test/integration/proxy-raw.test.ts',
  'src/proxy/dns/': 'test/integration/proxy-raw.test.ts',
  'src/proxy/http/': 'test/integration/proxy-http.test.ts',
  'src/proxy/tls/': 'test/integration/proxy-evasion.test.ts',
  'src/proxy/upstream/': 'test/integration/proxy-upstream.test.ts',
  'src/proxy/options.ts': 'test/integration/proxy-raw.test.ts',
  // What starts and wires a session is run by sessions.
  'src/session/session.ts': 'test/integration/session.test.ts',
  'src/session/governor.ts': 'test/integration/session.test.ts',
  'src/session/network.ts': 'test/integration/session.test.ts',
  'src/session/registries/for-session.ts': 'test/e2e/registry.test.ts',
  'src/session/options.ts': 'test/integration/sandbox.test.ts',
  'src/policy/cedar-schema.ts': 'test/unit/policy/load.test.ts',
  'src/policy/explain/decider.ts': 'test/unit/policy/check/deciders.test.ts',
  'src/policy/suite/enforced-texts.ts': 'test/unit/policy/suite/run-test.test.ts',
  // The commands about policies are run as a person runs them.
  'src/cli/commands/policy/': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/exits.ts': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/explanation-json.ts': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/loaded.ts': 'test/integration/policy-cli.test.ts',
  'src/policy/background.ts': 'test/integration/reload.test.ts',
  'src/policy/compile-worker.ts': 'test/integration/reload.test.ts',
  'src/policy/check/check-guarded.ts': 'test/unit/policy/load.test.ts',
  'src/cli/commands/run.ts': 'test/integration/sandbox.test.ts',
  'src/cli/commands/demo.ts': 'test/e2e/demo.test.ts',
  'src/cli/demo/agent/main.ts': 'test/e2e/demo.test.ts',
};

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
