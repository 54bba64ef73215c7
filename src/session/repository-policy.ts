// The workspace in; the policy that its repository brings along out, which may only forbid, read once before the agent exists.
import fs from 'node:fs';
import path from 'node:path';
import { LeashError } from '../host/errors.ts';
import { positionOf, type Source } from '../policy/text/diagnostic.ts';
import { type Statement, splitStatements } from '../policy/text/statements.ts';

const FILE = 'leash.cedar';
/** Whoever wrote it is not trusted to keep a start short. */
const MOST_BYTES = 65_536;

function refuse(why: string, cause?: unknown): LeashError {
  const message = `the workspace's ${FILE} ${why}; correct or remove it, or name it with --policy if it is yours`;
  return new LeashError('LEASH_POLICY_INVALID', message, cause === undefined ? {} : { cause });
}

/** The word after the annotations. */
function effectOf({ tokens }: Statement): string | undefined {
  let at = 0;
  while (tokens[at]?.text === '@') {
    at += 2;
    if (tokens[at]?.text !== '(') continue;
    while (at < tokens.length && tokens[at]?.text !== ')') at += 1;
    at += 1;
  }
  return tokens[at]?.text;
}

/** @throws {LeashError} LEASH_POLICY_INVALID */
export function requireForbids(text: string): void {
  for (const statement of splitStatements(text)) {
    const { line } = positionOf(text, statement.start);
    if (effectOf(statement) !== 'forbid')
      throw refuse(`is not used: line ${line} begins a statement that is no forbid, and a repository may only tighten`);
    if (statement.tokens.at(-1)?.text !== ';') throw refuse(`is not used: the statement of line ${line} has no end`);
  }
}

/** From one descriptor: what is checked is what is read. Links are not followed, since they could show the agent what a fault prints. */
function readOnce(file: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw refuse(code === 'ELOOP' ? 'is a link' : `cannot be read (${code})`, cause);
  }
  try {
    if (!fs.fstatSync(descriptor).isFile()) throw refuse('is no file');
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length <= MOST_BYTES; length += read)
      read = fs.readSync(descriptor, bytes, length, bytes.length - length, null);
    if (length > MOST_BYTES) throw refuse(`is longer than ${MOST_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length));
  } catch (cause) {
    throw cause instanceof TypeError ? refuse('is not UTF-8', cause) : cause;
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * `leash.cedar` in the workspace. Undefined when there is none, or when it is the person's own policy.
 * @param policyFile what `--policy` names
 * @throws {LeashError} LEASH_POLICY_INVALID
 */
export function repositoryPolicy(workspace: string, policyFile: string | undefined): Source | undefined {
  const file = path.join(workspace, FILE);
  const isOwn = policyFile !== undefined && fs.existsSync(policyFile) && fs.realpathSync(policyFile) === file;
  const text = isOwn ? undefined : readOnce(file);
  if (text === undefined) return undefined;
  requireForbids(text);
  return { name: file, text };
}

/** The policy, and then the repository's; a diagnostic names the text it is about. */
export function withRepository<T extends Source>(policy: T, repository: Source | undefined): T {
  if (repository === undefined) return policy;
  const { name, text, sections = [{ name, start: 0 }] } = policy;
  const start = text.length + 1;
  return {
    ...policy,
    name: `${name},${FILE}`,
    text: `${text}\n${repository.text}\n`,
    sections: [...sections, { name: repository.name, start }],
  };
}
