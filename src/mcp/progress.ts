// The progress token of a call that a person is asked about enters; the notification that keeps its client waiting leaves.

/** Of the progress that is told with each notification: it has to grow, and the server, which counts from 0 or 1, comes after. */
const STEP = 0.001;

/**
 * Clients that give up on a call after a time begin to count anew with each (2025-11-25, Lifecycle, Timeouts).
 *
 * @param token to the letter
 * @param count of this call: 1, 2, 3
 */
export function waitingText(token: string, count: number): string {
  const progress = Number((STEP * count).toFixed(3));
  return `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${progress},"message":"waiting for a person's approval"}}`;
}
