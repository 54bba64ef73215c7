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
  // Each part of a suggestion is seen in what is suggested, and that is put to the official Cedar.
  'src/policy/suggest/': 'test/unit/policy/suggest/suggest.test.ts',
  'src/policy/backtest/': 'test/unit/policy/backtest/backtest.test.ts',
  'src/policy/speaks-of.ts': 'test/unit/policy/backtest/backtest.test.ts',
  'src/cli/policy/backtest-report.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/suggestion-report.ts': 'test/integration/policy-learn.test.ts',
  'src/cli/policy/chosen-sessions.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/session-events.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/suggest-from.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/try-policy.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/backtest-json.ts': 'test/integration/policy-learn.test.ts',
  'src/policy/explain/request-json.ts': 'test/integration/policy-cli.test.ts',
  'src/session/learning/learn-desk.ts': 'test/integration/api-learn.test.ts',
  'src/session/learning/learn-thread.ts': 'test/integration/api-learn.test.ts',
  'src/session/learning/gather.ts': 'test/integration/policy-learn.test.ts',
  'src/session/learning/replay.ts': 'test/integration/policy-learn.test.ts',
  'src/policy/check/check-source.ts': 'test/unit/policy/load.test.ts',
  'src/policy/policy-set.ts': 'test/unit/policy/load.test.ts',
  'src/policy/stored.ts': 'test/unit/policy/load.test.ts',
  // The edges of the proxy are sockets: real clients and servers on loopback run them.
  'src/proxy/proxy.ts': 'test/integration/proxy-raw.test.ts',
  'src/proxy/record.ts': 'test/integration/proxy-http.test.ts',
  'src/proxy/connection/': 'test/integration/proxy-raw.test.ts',
  'src/proxy/dns/': 'test/integration/proxy-raw.test.ts',
  'src/proxy/http/': 'test/integration/proxy-http.test.ts',
  'src/proxy/secrets/': 'test/integration/proxy-secrets.test.ts',
  'src/proxy/model/': 'test/integration/proxy-model-evasion.test.ts',
  'src/proxy/mcp/': 'test/integration/proxy-mcp.test.ts',
  'src/proxy/bodies/': 'test/integration/proxy-bodies.test.ts',
  'src/proxy/exchange/': 'test/integration/proxy-brokers.test.ts',
  'src/proxy/http2/': 'test/integration/proxy-http2.test.ts',
  'src/proxy/tls/': 'test/integration/proxy-evasion.test.ts',
  'src/proxy/udp/': 'test/integration/proxy-datagrams.test.ts',
  'src/proxy/upstream/': 'test/integration/proxy-upstream.test.ts',
  'src/proxy/options.ts': 'test/integration/proxy-raw.test.ts',
  'src/journal/audit/fault.ts': 'test/unit/journal/audit/verify.test.ts',
  'src/journal/audit/chain-audit.ts': 'test/unit/journal/audit/verify.test.ts',
  'src/journal/audit/segment-lines.ts': 'test/unit/journal/audit/verify.test.ts',
  'src/journal/search/build.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/columns.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/database.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/index-file.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/source.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/with-index.ts': 'test/unit/journal/search/find.test.ts',
  'src/journal/search/sql.ts': 'test/unit/cli/commands/events/query.test.ts',
  'src/journal/search/sql-worker.ts': 'test/unit/cli/commands/events/query.test.ts',
  'src/cli/commands/events/query.command.ts': 'test/unit/cli/commands/events/query.test.ts',
  'src/journal/otlp/records.ts': 'test/unit/journal/otlp/sink.test.ts',
  'src/session/telemetry.ts': 'test/integration/otlp.test.ts',
  'src/cli/removable.ts': 'test/unit/cli/retention.test.ts',
  'src/cli/commands/events/reindex.ts': 'test/unit/cli/commands/events/query.test.ts',
  'src/cli/event-format.ts': 'test/unit/cli/commands/events.test.ts',
  'src/cli/commands/events/options.ts': 'test/unit/cli/commands/events/verify.test.ts',
  'src/config/config.ts': 'test/unit/config/read-text.test.ts',
  'src/config/fault.ts': 'test/unit/config/read-text.test.ts',
  'src/config/place.ts': 'test/unit/config/read-text.test.ts',
  'src/config/settings.ts': 'test/unit/config/read-text.test.ts',
  'src/config/volume-table.ts': 'test/unit/config/read-text.test.ts',
  'src/config/lock.ts': 'test/unit/config/remember.test.ts',
  'src/cli/mount-prompt/ask.ts': 'test/integration/mount-prompt.test.ts',
  'src/cli/commands/config/path.ts': 'test/unit/cli/commands/config/show.test.ts',
  // What starts and wires a session is run by sessions.
  'src/session/secrets/': 'test/e2e/secrets.test.ts',
  'src/session/logins/login-file.ts': 'test/e2e/agent-logins.test.ts',
  'src/session/logins/open-logins.ts': 'test/e2e/agent-logins.test.ts',
  'src/session/agents/launch.ts': 'test/integration/agent-names.test.ts',
  'src/session/agents/known-agents.ts': 'test/integration/agent-names.test.ts',
  'src/cli/agent-session.ts': 'test/integration/agent-names.test.ts',
  'src/cli/commands/agents.ts': 'test/integration/agent-names.test.ts',
  'src/cli/commands/agents/install.ts': 'test/integration/agent-names.test.ts',
  'src/sandbox/mcp-servers/sources.ts': 'test/unit/sandbox/mcp-servers/declared.test.ts',
  'src/sandbox/agents/providers.ts': 'test/unit/session/secrets/agent-keys.test.ts',
  'src/cli/commands/secrets.ts': 'test/e2e/secrets.test.ts',
  'src/policy/check/rewritten-headers.ts': 'test/unit/policy/rewrites.test.ts',
  'src/engine/warden-words.ts': 'test/integration/container.test.ts',
  'src/engine/start-warden.ts': 'test/integration/awkward.test.ts',
  'src/session/in-container.ts': 'test/integration/container.test.ts',
  'src/session/session.ts': 'test/integration/session.test.ts',
  'src/session/governor.ts': 'test/integration/session.test.ts',
  'src/schema/printable.ts': 'test/unit/cli/terminal.test.ts',
  'src/session/ports/published-ports.ts': 'test/integration/ports.test.ts',
  'src/session/ports/port-records.ts': 'test/integration/ports.test.ts',
  'src/engine/dials.ts': 'test/integration/ports.test.ts',
  'src/cli/commands/ps.ts': 'test/integration/life-cycle.test.ts',
  'src/cli/commands/logs.ts': 'test/integration/life-cycle.test.ts',
  'src/cli/commands/stop.ts': 'test/integration/life-cycle.test.ts',
  'src/cli/commands/rm.ts': 'test/integration/life-cycle.test.ts',
  'src/session/network.ts': 'test/integration/session.test.ts',
  'src/api/socket-path.ts': 'test/unit/api/door.test.ts',
  'src/api/gate-client.ts': 'test/unit/api/gate.test.ts',
  'src/engine/wire-command.ts': 'test/unit/engine/commands.test.ts',
  'src/session/programs.ts': 'test/integration/detached.test.ts',
  'src/cli/visit/visit-session.ts': 'test/integration/detached.test.ts',
  'src/cli/visit/own-terminal.ts': 'test/integration/detached.test.ts',
  'src/cli/detached/': 'test/integration/detached.test.ts',
  // Two containers of an engine run it.
  'src/cli/remote/': 'test/integration/container-elsewhere.test.ts',
  'src/cli/commands/attach.ts': 'test/integration/detached.test.ts',
  'src/cli/commands/exec.ts': 'test/integration/exec.test.ts',
  // The hub is served by real sessions, and asked as a browser would.
  'src/api/hub/changes.ts': 'test/integration/api-changes.test.ts',
  'src/api/hub/review-answer.ts': 'test/integration/api-changes.test.ts',
  'src/api/hub/review-process.ts': 'test/integration/api-changes.test.ts',
  'src/api/hub/': 'test/integration/api.test.ts',
  'src/api/hub-thread.ts': 'test/integration/api.test.ts',
  'src/client/client.ts': 'test/integration/api-client.test.ts',
  'src/api/seat.ts': 'test/integration/api-take-over.test.ts',
  'src/cli/control/control.ts': 'test/integration/api-take-over.test.ts',
  'src/cli/commands/ui.ts': 'test/integration/api-take-over.test.ts',
  'src/api/client.ts': 'test/unit/api/door.test.ts',
  'src/cli/commands/approvals.ts': 'test/integration/answers.test.ts',
  'src/cli/commands/answer.ts': 'test/integration/answers.test.ts',
  'src/session/registries/for-session.ts': 'test/e2e/registry.test.ts',
  'src/session/options.ts': 'test/integration/sandbox.test.ts',
  'src/policy/cedar-schema.ts': 'test/unit/policy/load.test.ts',
  'src/policy/explain/decider.ts': 'test/unit/policy/check/deciders.test.ts',
  'src/policy/suite/enforced-texts.ts': 'test/unit/policy/suite/run-test.test.ts',
  'src/cli/commands/policy/': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/exits.ts': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/explanation-json.ts': 'test/integration/policy-cli.test.ts',
  'src/cli/policy/loaded.ts': 'test/integration/policy-cli.test.ts',
  'src/policy/background.ts': 'test/integration/reload.test.ts',
  'src/policy/compile-worker.ts': 'test/integration/reload.test.ts',
  'src/policy/check/check-guarded.ts': 'test/unit/policy/load.test.ts',
  'src/cli/commands/run.ts': 'test/integration/sandbox.test.ts',
  // What it takes to accept is run whole, killed before each act.
  'src/review/apply.ts': 'test/unit/review/accept.test.ts',
  'src/review/copy-file.ts': 'test/unit/review/accept.test.ts',
  'src/review/durable.ts': 'test/unit/review/accept.test.ts',
  'src/review/intent.ts': 'test/unit/review/accept.test.ts',
  'src/review/originals.ts': 'test/unit/review/accept.test.ts',
  'src/review/change.ts': 'test/unit/review/changes.test.ts',
  'src/review/record.ts': 'test/unit/review/changes.test.ts',
  'src/review/same.ts': 'test/unit/review/changes.test.ts',
  'src/review/settled.ts': 'test/unit/review/changes.test.ts',
  'src/review/remove-tree.ts': 'test/unit/review/discard.test.ts',
  'src/review/whole.ts': 'test/unit/review/discard.test.ts',
  'src/review/opaque.ts': 'test/integration/review.test.ts',
  'src/sandbox/volume-mounts.ts': 'test/integration/review.test.ts',
  'src/session/reviewed.ts': 'test/integration/review.test.ts',
  'src/session/volumes.ts': 'test/integration/review.test.ts',
  'src/cli/review/': 'test/integration/review.test.ts',
  'src/cli/commands/diff.ts': 'test/integration/review.test.ts',
  'src/cli/commands/accept.ts': 'test/integration/review.test.ts',
  'src/cli/commands/discard.ts': 'test/integration/review.test.ts',
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
