// A request whose decision depends on conditions that no automaton models in; requests like it out, with values taken from the policies.
import type { Request } from '../../schema/request.ts';
import { isCanonicalPath } from '../facts.ts';

/** Enough for the constants of one policy, and a bounded time when there are thousands. */
const MAX_CONSTANTS = 64;

/** Argument lists with constants at the end, in place of the rest, and all together. */
function* argumentLists(argv: readonly string[], constants: readonly string[]): Generator<readonly string[]> {
  const [program = 'a'] = argv;
  for (const constant of constants) {
    yield [...argv, constant];
    yield [program, constant];
    yield [constant];
    yield [...argv.slice(0, -1), constant];
  }
  yield [...argv, ...constants];
  yield [program, ...constants];
  for (const [i, one] of constants.entries()) for (const other of constants.slice(i + 1)) yield [program, one, other];
}

/** Line of descent: nobody, one program, all of them. */
function* ancestorLists(paths: readonly string[]): Generator<readonly string[]> {
  for (const path of paths) yield [path];
  yield paths;
  for (const [i, one] of paths.entries()) for (const other of paths.slice(i + 1)) yield [one, other];
}

function* headerLists(constants: readonly string[]): Generator<ReadonlyMap<string, string>> {
  const names = constants.filter((text) => /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(text));
  for (const name of names) {
    yield new Map([[name, 'a']]);
    for (const value of constants) yield new Map([[name, value]]);
  }
}

function filesOf(constants: readonly string[]): readonly string[] {
  return constants.filter((text) => isCanonicalPath(text) && !text.endsWith('/'));
}

function* argumentMaps(constants: readonly string[]): Generator<ReadonlyMap<string, string>> {
  for (const pointer of constants) for (const value of ['a', ...constants]) yield new Map([[pointer, value]]);
}

/** Like `request` in everything that automata model. `constants` are texts and ids of the policies that matter. */
export function* variations(request: Request, constants: readonly string[]): Generator<Request> {
  const few = constants.slice(0, MAX_CONSTANTS);
  yield request;
  if ('argv' in request) for (const argv of argumentLists(request.argv, few)) yield { ...request, argv };
  if ('headers' in request) for (const headers of headerLists(few)) yield { ...request, headers };
  if (request.action === 'McpCall') for (const args of argumentMaps(few)) yield { ...request, args };
  if (!('program' in request)) return;
  const { program } = request;
  for (const ancestors of ancestorLists(filesOf(few))) yield { ...request, program: { ...program, ancestors } };
  // Conditions that compare the two paths of a request.
  if (request.resource.type === 'path' && !request.resource.path.endsWith('/'))
    yield { ...request, program: { ...program, exe: request.resource.path } } as Request;
}
