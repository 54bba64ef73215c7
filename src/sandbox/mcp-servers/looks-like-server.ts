// A command line that nobody declared in; the package or program out, if it calls itself an MCP server.

/** Options of the runners that take a value. */
const WITH_VALUE = [
  '-p',
  '--package',
  '-c',
  '--call',
  '--from',
  '--with',
  '--python',
  '-w',
  '--index-url',
  '--registry',
  '--cache',
];
/** Programs that run a package, by what stands before its name. */
const RUNNERS: readonly (readonly string[])[] = [
  ['npx'],
  ['npm', 'exec'],
  ['npm', 'x'],
  ['pnpx'],
  ['pnpm', 'dlx'],
  ['yarn', 'dlx'],
  ['bunx'],
  ['bun', 'x'],
  ['uvx'],
  ['uv', 'tool', 'run'],
  ['pipx', 'run'],
];
const INTERPRETERS = /^(?:node|nodejs|bun|deno|tsx|python[\d.]*|ruby|perl)$/;
/** Of `…/node_modules/PACKAGE/…`; of `…/node_modules/.bin/PROGRAM`, `…/bin/PROGRAM`, no file with a suffix. */
const PACKAGE = /^(?:.*\/)?node_modules\/(?!\.)((?:@[^/]+\/)?[^/]+)(?:\/|$)/;
const PROGRAM = /^(?:.*\/)?\.?bin\/([\w-]+)$/;

/** Tools about MCP that are none of its servers. */
const NO_SERVER = ['client', 'inspector', 'cli', 'conformance', 'sdk', 'scan'];
const NAME = /^[@\w][\w./-]{0,127}$/;

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** Without the version that a runner is asked for. */
function unversioned(word: string): string {
  return word.replace(/(?<=.)(?:@|==).*$/, '').replace(/\[.*\]$/, '');
}

function isServer(name: string): boolean {
  if (!NAME.test(name)) return false;
  if (name.startsWith('@modelcontextprotocol/server-')) return true;
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.includes('mcp') && !words.some((word) => NO_SERVER.includes(word));
}

/** The first word that is no option. */
function firstOf(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (WITH_VALUE.includes(word)) at += 1;
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

/** The module of `python -m`, or what the script belongs to. */
function interpreted(words: readonly string[]): string | undefined {
  const module = words.indexOf('-m');
  if (module >= 0 && !words.slice(0, module).some((word) => !word.startsWith('-'))) return words[module + 1];
  const script = words.find((word) => !word.startsWith('-')) ?? '';
  return (PACKAGE.exec(script) ?? PROGRAM.exec(script))?.[1];
}

/**
 * Only the name of the program that runs, or of the package or module that it runs, is looked at, no path and no argument: `grep mcp`,
 * `vim mcp.ts` and `node test/mcp.test.js` are none. What hides is not found; a server that policy should know has to be declared.
 */
export function looksLikeServer(argv: readonly string[]): string | undefined {
  const [first = '', ...words] = argv;
  const program = baseName(first);
  const runner = RUNNERS.find((runs) => [program, ...words].slice(0, runs.length).join(' ') === runs.join(' '));
  let name: string | undefined = program;
  if (runner !== undefined) name = unversioned(firstOf(words.slice(runner.length - 1)) ?? '');
  else if (INTERPRETERS.test(program)) name = interpreted(words);
  return name !== undefined && isServer(name) ? name : undefined;
}
