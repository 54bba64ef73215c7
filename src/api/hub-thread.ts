// The hub's thread of a session's process: an address in, its API served there until the thread is ended, or why not, out.
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { HubOptions } from './hub/hub.ts';
import { openHub } from './hub/hub.ts';

/** What the thread says: `free` when it would listen now, which it does when it is answered; then how that went. */
export type HubWord = 'free' | 'serving' | { readonly failed: string };

function say(word: HubWord): void {
  parentPort?.postMessage(word);
}

async function freed(): Promise<void> {
  if (parentPort === null) return;
  say('free');
  await once(parentPort, 'message');
}

openHub(workerData as HubOptions, freed).then(
  () => say('serving'),
  (error: NodeJS.ErrnoException) => say({ failed: error.code ?? error.message }),
);
