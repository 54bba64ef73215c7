// Requests about which a person is asked enter; that they wait leaves, for each that wants to hear of its progress.
import type { RequestMessage } from '../../mcp/message.ts';
import { progressTokenOf } from '../../mcp/open-calls.ts';
import { waitingText } from '../../mcp/progress.ts';

/** Milliseconds: clients give up after a minute, some earlier. */
const PROGRESS = 10_000;

/** @param tell the client, every ten seconds. @returns ends it */
export function tellWaiting(requests: readonly RequestMessage[], tell: (notification: string) => void): () => void {
  const tokens = requests.flatMap((request) => progressTokenOf(request) ?? []);
  if (tokens.length === 0) return () => {};
  let count = 0;
  const timer = setInterval(() => {
    count += 1;
    for (const token of tokens) tell(waitingText(token, count));
  }, PROGRESS).unref();
  return () => clearInterval(timer);
}
