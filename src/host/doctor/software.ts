// Probes of programs: Node.js, Leash's own native ones, what builds them.
import { nativePath } from '../paths.ts';
import { findProgram, isExecutable } from './find-program.ts';
import type { Host } from './host.ts';
import { installCommand } from './install.ts';
import type { Probe } from './probe.ts';
import { NATIVE_PROGRAMS } from './require-host.ts';
import { firstLine, runProgram } from './run-program.ts';

/** As `engines` in package.json. */
const OLDEST_NODE = [20, 19] as const;

export function probeNode(version: string): Probe {
  const base = { id: 'node', name: 'Node.js', required: true } as const;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isRecent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  if (isRecent) return { ...base, state: 'ok', detail: version };
  const oldest = OLDEST_NODE.join('.');
  return {
    ...base,
    state: 'missing',
    detail: `${version}; ${oldest} is needed`,
    fix: `Install Node.js ${oldest} or later.`,
  };
}

export function probeNative(host: Host): Probe {
  const base = { id: 'native', name: 'native programs', required: true } as const;
  const absent = NATIVE_PROGRAMS.filter((program) => !isExecutable(nativePath(program, host.env)));
  if (absent.length === 0) return { ...base, state: 'ok', detail: NATIVE_PROGRAMS.join(', ') };
  return { ...base, state: 'missing', detail: `${absent.join(' and ')} not built`, fix: 'npm run build' };
}

export async function probeCompiler(host: Host): Promise<Probe> {
  const base = { id: 'compiler', name: 'C compiler', required: false } as const;
  const compiler = findProgram('cc', host.env, host.workspace) ?? findProgram('gcc', host.env, host.workspace);
  const use = 'needed only to build from a checkout';
  if (compiler === undefined) {
    return { ...base, state: 'missing', detail: use, fix: installCommand(host, 'gcc', 'make') };
  }
  const { stdout, stderr } = await runProgram(compiler, ['--version'], host.env);
  return { ...base, state: 'ok', detail: `${firstLine(stdout || stderr)}; ${use}` };
}
