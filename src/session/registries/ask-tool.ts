// A program and its arguments in, the JSON object it prints out; it runs outside the sandbox, so it runs nowhere near the workspace.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Milliseconds. npm answers in 120 to 300. */
const TIMEOUT = 20_000;
/** Bytes. npm prints 8 kB. */
const MAX_OUTPUT = 1 << 20;

/** Undefined when it fails, takes too long, or prints something else. What it printed could hold credentials and is not passed on. */
export async function askTool(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    // In `/` there is no project's configuration, and none but root can put one there.
    const options = { cwd: '/', env, timeout: TIMEOUT, maxBuffer: MAX_OUTPUT, killSignal: 'SIGKILL' as const };
    const { stdout } = await promisify(execFile)(file, [...args], options);
    const answer: unknown = JSON.parse(stdout);
    const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
    return isObject ? (answer as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
