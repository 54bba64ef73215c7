// An open question in, the text that a webhook is sent out: JSON, however long what the agent chose is. Pure.
import { API_ROOT } from '../../schema/api.ts';
import type { Question } from '../../schema/approval.ts';

const TEXT_MAX = 1_024;
const LIST_MAX = 24;

/** The agent chose arguments, paths and more: each is cut, so that a message is never longer than receivers take. */
function bounded(value: unknown): unknown {
  if (typeof value === 'string') return value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX - 1)}…` : value;
  if (Array.isArray(value)) {
    const kept = value.slice(0, LIST_MAX).map(bounded);
    return value.length > LIST_MAX ? [...kept, '…'] : kept;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, bounded(part)]));
}

/** @param missed questions before this one that were not sent. Source: standardwebhooks/spec, "Payload structure". */
export function questionMessage(session: string, question: Question, missed: number): string {
  const answer = `${API_ROOT}/sessions/${session}/questions/${question.id}`;
  return JSON.stringify({
    type: 'question.opened',
    timestamp: new Date(question.opened).toISOString(),
    data: { session, question: bounded(question), answer, missed },
  });
}
