// The hub's thread of a session's process: an address in, its API served there until the thread is ended, or why not, out.
import { parentPort, workerData } from 'node:worker_threads';
import type { HubOptions } from './hub/hub.ts';
import { openHub } from './hub/hub.ts';

/** What the thread says, once. */
export type HubWord = 'serving' | { readonly failed: string };

function say(word: HubWord): void {
  parentPort?.postMessage(word);
}

openHub(workerData as HubOptions).then(
  () => say('serving'),
  (error: NodeJS.ErrnoException) => say({ failed: error.code ?? error.message }),
);
