// A call of a tool that is not what it was in, whether it may go on out: a person says so, or it is refused.
import { createHash } from 'node:crypto';
import type { Decided } from '../../decision/decision.ts';
import { lift } from '../../decision/lift.ts';
import type { Subject } from '../../decision/subject.ts';
import type { PinQuestion } from '../../mcp/tool-pins.ts';
import type { Asker } from '../../proxy/options.ts';
import type { McpRequest } from '../../schema/request.ts';
import type { HeldCallsContext } from '../held-calls.ts';
import { settled } from '../held-requests.ts';

function subjectOf(request: McpRequest, { subject, fields }: PinQuestion, agent: string): Subject {
  const key = createHash('sha256')
    .update(JSON.stringify(['pin', agent, ...subject]))
    .digest('hex');
  const { action, resource, method } = request;
  return { key, agent, exe: '', action, resource, particulars: { method, changed: fields } };
}

/** Asked again when the policy changes meanwhile; a word for always holds for exactly this definition. */
export async function askAboutPin(
  context: HeldCallsContext,
  request: McpRequest,
  question: PinQuestion,
  asker: Asker,
): Promise<Decided> {
  const { agent, approvals, decision } = context;
  const subject = subjectOf(request, question, agent);
  const asks = { effect: 'deny', enforced: true, policies: [], ask: question.text, epoch: decision.epoch } as const;
  for (;;) {
    const approval = approvals.standing(subject) ?? (await settled(approvals, subject, asks, asker));
    if (approval !== 'again') return lift<Decided>(asks, approval);
  }
}
