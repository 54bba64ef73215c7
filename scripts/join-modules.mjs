// Modules compiled by tsc in, the files that ./leash runs in dist/run out: docs/decisions/0005-joined-modules.md.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { rolldown } from 'rolldown';

const MAIN = 'dist/cli/main.js';
const OTHER_ENTRIES = [
  'dist/cli/detached/manager.js',
  'dist/cli/remote/remote-manager.js',
  'dist/policy/compile-worker.js',
  'dist/api/manager/relay.js',
  'dist/api/hub-thread.js',
  'dist/api/hub/review-desk.js',
  'dist/journal/search/sql-worker.js',
  'dist/session/learning/learn-thread.js',
];
const OUT = 'dist/run';

/** A module and all that it imports statically: what its start loads in any case. */
function closure(id, graph, found = new Set()) {
  if (found.has(id)) return found;
  found.add(id);
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) closure(imported, graph, found);
  return found;
}

/** `main.js` itself runs when it is loaded: what other entries share with it lies in `start.js`. */
function startGroup() {
  const isMain = (id) => id.endsWith(`/${MAIN}`);
  let start;
  return (id, graph) => {
    start ??= closure(`${process.cwd()}/${MAIN}`, graph);
    return start.has(id) && !isMain(id) ? 'start' : null;
  };
}

async function join() {
  const bundle = await rolldown({
    input: [MAIN, ...OTHER_ENTRIES],
    platform: 'node',
    logLevel: 'warn',
    checks: { ineffectiveDynamicImport: false },
    external: [
      'dns-packet',
      'diff',
      'node-sqlite3-wasm',
      /^@opentelemetry\//,
      '@cedar-policy/cedar-wasm/nodejs',
      '@cedar-policy/mcp-schema-generator-wasm',
    ],
  });
  await bundle.write({
    dir: OUT,
    cleanDir: true,
    format: 'cjs',
    comments: { legal: true, annotation: false, jsdoc: false },
    charset: 'ascii',
    chunkFileNames: ({ name }) => (name === 'start' ? 'start.js' : '[name]-[hash].js'),
    codeSplitting: { groups: [{ debugName: 'start', name: startGroup() }] },
  });
  await bundle.close();
  writeFileSync(`${OUT}/package.json`, '{ "type": "commonjs" }\n');
}

/** Every function is compiled now, none at a start. V8 takes the cache only under the flags with which it is written. */
function cacheCode() {
  const code = `(function (exports, require, module, __filename, __dirname) {${readFileSync(`${OUT}/start.js`, 'utf8')}\n})`;
  // Of one byte a character, as run-cached.cjs reads it.
  if (/[^\0-\x7f]/.test(code)) throw new Error('start.js holds characters beyond ASCII');
  // Code from a cache has no way to load other modules; require() has.
  if (/\bimport\(/.test(code))
    throw new Error('start.js holds import() of a module that is not joined: use process.getBuiltinModule()');
  setFlagsFromString('--no-lazy');
  // The name is what stack traces say.
  const script = new Script(code, { filename: 'start.code.js' });
  setFlagsFromString('--lazy');
  writeFileSync(`${OUT}/start.cache`, script.createCachedData());
  writeFileSync(`${OUT}/start.code.js`, code);
  copyFileSync('scripts/run-cached.cjs', `${OUT}/start.js`);
}

await join();
cacheCode();
