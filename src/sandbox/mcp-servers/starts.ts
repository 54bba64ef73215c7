// The arguments of an execve and a declaration in; whether they are what the declaration starts out.
import type { DeclaredServer } from './declared.ts';

/** Words that mean themselves to a shell. */
const PLAIN = /^[\w@%+=:,./-]+$/;
const SHELLS = ['/bin/sh', 'sh', '/bin/bash', 'bash'];

/** `sh -c` with the whole command, as `spawn(…, {shell: true})` of Node has it. */
function isByShell(argv: readonly string[], words: readonly string[]): boolean {
  const [shell = '', option, line = ''] = argv;
  return argv.length === 3 && SHELLS.includes(shell) && option === '-c' && words.every((word) => PLAIN.test(word))
    ? line === words.join(' ')
    : false;
}

/**
 * Each word is compared to the letter. Claude, codex, gemini, qwen and opencode start servers without a shell, with the command as it is written
 * as argv[0]; other clients may look it up on PATH first. A script (`npx`) is no different: `#!` changes the words behind the execve, not before it.
 */
export function starts(argv: readonly string[], server: Pick<DeclaredServer, 'command' | 'args'>): boolean {
  const words = [server.command, ...server.args];
  if (isByShell(argv, words)) return true;
  const [program = ''] = argv;
  const isProgram =
    program === server.command || (!server.command.includes('/') && program.endsWith(`/${server.command}`));
  return isProgram && argv.length === words.length && server.args.every((word, index) => word === argv[index + 1]);
}
