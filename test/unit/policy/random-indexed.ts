// Random conditions that an index could look up, next to what forbids it: runtime errors before and after, alternatives, negations.
import { foreignEntity, repositoryId, VOCABULARY } from './random-families.ts';
import type { RequestGenerator } from './random-requests.ts';
import { ADDRESSES, COMPONENTS, HOSTS, PORTS, quote } from './random-words.ts';

const ERRORS: readonly string[] = [
  'context.nope.x == 1',
  'resource.nope == "x"',
  'resource in [resource, "x"]',
  'resource.name < 1',
  'context.proc.sha256 == "abc0"',
  '9007199254740991 * 9007199254740991 > 0',
  'principal.labels',
  '[1] in resource',
];

/** Directories in every spelling, files, hosts with their groups, tools, servers, secrets. */
function entityLiteral(words: RequestGenerator): string {
  const { random, family } = words;
  if (words.onPaths) {
    if (random.chance(0.2)) return `File::${quote(words.filePath())}`;
    if (random.chance(0.25)) return `Dir::${quote(random.pick(['@workspace/', '@workspace', '@home/', '@tmp']))}`;
    const directory = words.path(true, 2);
    return `Dir::${quote(random.chance(0.3) && directory !== '/' ? directory.slice(0, -1) : directory)}`;
  }
  if (family === 'mcp' || (family === 'secret' && random.chance(0.5))) return foreignEntity(random);
  if (family === 'http' && random.chance(0.2)) return `Repository::${quote(repositoryId(random))}`;
  const host = random.pick(HOSTS);
  const name = random.pick([host, `*.${host}`, '*', '*.com', random.pick(ADDRESSES), '@registry/npm']);
  if (name.startsWith('@') || random.chance(0.5)) return `Host::${quote(name)}`;
  return `Host::${quote(`${name.includes(':') ? `[${name}]` : name}:${random.pick(PORTS)}`)}`;
}

function onText(words: RequestGenerator): string {
  const { random } = words;
  const { texts, constants } = VOCABULARY[words.family];
  const subject = random.pick(texts);
  const constant = (): string =>
    quote(words.onPaths ? random.pick([...COMPONENTS, 'env', 'pem', '', words.path()]) : random.pick(constants));
  return random.pick([
    `${subject} == ${constant()}`,
    `${constant()} == ${subject}`,
    `[${constant()}, ${constant()}].contains(${subject})`,
    `[${constant()}, 1, ${constant()}].contains(${subject})`,
    `${subject} == 1`,
  ]);
}

function onPattern(words: RequestGenerator): string {
  const { random } = words;
  const { texts, constants } = VOCABULARY[words.family];
  const piece = (): string => random.pick(words.onPaths ? COMPONENTS : constants);
  const directory = (): string => (words.onPaths ? words.path(true, 2) : random.pick(['x.', '*.', 'a']));
  const pattern = random.pick([
    () => `${directory()}*`,
    () => `*${piece()}`,
    () => `${directory()}${piece()}*`,
    () => `${directory()}*${piece()}`,
    () => `*${piece()}*`,
    piece,
    () => '',
  ])();
  return `${random.pick(texts)} like ${quote(pattern)}`;
}

function onEntity(words: RequestGenerator): string {
  const { random } = words;
  const { entities, types } = VOCABULARY[words.family];
  const [one, two, subject] = [entityLiteral(words), entityLiteral(words), random.pick(entities)];
  return random.pick([
    `${subject} in ${one}`,
    `${subject} in [${one}, ${two}]`,
    `${subject} in [${one}, ${two}, "x"]`,
    `${subject} in []`,
    `${subject} == ${one}`,
    `${one} == ${subject}`,
    `[${one}, ${two}].contains(${subject})`,
    `[${one}, "x"].contains(${subject})`,
    `${subject} is ${random.pick(types)} in ${one}`,
    `(${subject} in ${one} || ${subject} in ${two})`,
    `(if ${subject} in ${one} then true else ${subject} in ${two})`,
    `context.port == ${random.pick(PORTS)}`,
    `[${random.pick(PORTS)}, 443].contains(context.port)`,
    `context has proc && context.proc.ancestors.contains(${one})`,
    'context.proc has sha256 && context.proc.sha256 == "abc0"',
    'context has sha256 && context.sha256 == "abc0"',
    'context has proc && context.proc.via == "mcp:a"',
    '["mcp:./a", ""].contains(context.proc.via)',
    'context has git && context.git.operation == "push"',
    'context has model && context.model.tools.contains("fs")',
  ]);
}

/** A test that an index can make nothing of, and that does not fail. */
function plainTest({ random }: RequestGenerator): string {
  return random.pick([
    `resource.name like ${quote(`*${random.pick(COMPONENTS)}*`)}`,
    'resource.name != "a"',
    '(if resource.name == "a" then true else principal.name == "claude")',
    'principal.labels.isEmpty()',
    'principal.name == "codex"',
  ]);
}

/** The body of a `when` or `unless`. */
export function indexedTest(words: RequestGenerator): string {
  const { random } = words;
  const key = (): string => {
    const choice = random.next();
    if (choice < 0.5) return onEntity(words);
    return choice < 0.75 ? onText(words) : onPattern(words);
  };
  const [error, other] = [random.pick(ERRORS), plainTest(words)];
  const [a, b] = [key(), key()];
  return random.pick([
    a,
    a,
    `${a} && ${b}`,
    `${a} && ${other}`,
    `${other} && ${a}`,
    `${a} && ${error}`,
    `${error} && ${a}`,
    `(${other} && ${error}) && ${a}`,
    `${a} && (${b} && ${error})`,
    `${a} && ${error} && ${b}`,
    `${a} || ${b}`,
    `${a} || ${error}`,
    `${error} || ${a}`,
    `(${a} && ${error}) || ${b}`,
    `(${a} && ${b}) || (${key()} && ${other})`,
    `!(${a})`,
    `!(${a} || ${b})`,
    `!(${a}) && ${error}`,
    `(${a}) == true`,
    `if ${a} then ${b} else ${error}`,
  ]);
}
