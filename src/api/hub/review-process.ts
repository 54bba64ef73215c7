// An order about changes in, what a process of its own answered out; so many at a time, and none for ever.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, LeashError } from '../../host/errors.ts';
import type { ReviewOrder } from './review-answer.ts';
import type { Hub } from './route.ts';

const DESK = fileURLToPath(new URL('./review-desk.js', import.meta.url));
const MOST_TOGETHER = 8;
/** Milliseconds. One that writes is not stopped: what it began it ends. */
const PATIENCE = 60_000;
/** Bytes: the longest list and the longest text stay far below. */
const ANSWER_MAX = 64 << 20;

interface Fault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: readonly string[];
}

let working = 0;

function run(order: ReviewOrder, env: NodeJS.ProcessEnv): Promise<string> {
  const isReading = order.act === 'list' || order.act === 'text';
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [DESK], { env, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let length = 0;
    const stop = (): void => void child.kill('SIGKILL');
    const timer = isReading ? setTimeout(stop, PATIENCE) : undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > ANSWER_MAX) stop();
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).toString());
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(order));
  });
}

/** Throws LEASH_API_BUSY, LEASH_REVIEW, LEASH_REVIEW_NONE. */
export async function order<Answer>(what: ReviewOrder, { sessionsDir, env }: Hub): Promise<Answer> {
  if (working >= MOST_TOGETHER)
    throw new LeashError('LEASH_API_BUSY', `${working} requests about changes are at work already`);
  working += 1;
  try {
    // The folder of Leash below it is the one that this hub is for.
    const text = await run(what, { ...env, XDG_STATE_HOME: path.resolve(sessionsDir, '../..') });
    const said = (text === '' ? {} : JSON.parse(text)) as { readonly answer?: Answer; readonly fault?: Fault };
    if (said.answer !== undefined) return said.answer;
    const { code, message, details } = said.fault ?? {
      code: 'LEASH_REVIEW' as const,
      message: `the changes of session ${what.session} could not be looked through`,
      details: [],
    };
    throw new LeashError(code, message, { details });
  } finally {
    working -= 1;
  }
}
