// The id of an open question and a person's word in, the word to its session out.
import { rule } from '../../api/client.ts';
import { EXIT, LeashError } from '../../host/errors.ts';
import type { Ruling } from '../../schema/approval.ts';
import type { Invocation } from '../command.ts';
import { openQuestions, questionNamed } from '../open-questions.ts';
import { whatText } from '../question-text.ts';
import { print, say } from '../terminal.ts';

const WORDS: Readonly<Record<Ruling['effect'], string>> = { allow: 'approved', deny: 'refused' };
const SPANS: Readonly<Record<Ruling['scope'], string>> = {
  once: 'once',
  session: 'for this session',
  always: 'for always',
};

async function answer(invocation: Invocation, ruling: Ruling): Promise<number> {
  const [id = '', ...others] = invocation.words;
  if (id === '' || others.length > 0) throw new LeashError('LEASH_USAGE', 'name the id of one question');
  const { session, question } = questionNamed(id, await openQuestions(say));
  if (!(await rule(session.dir, question.id, ruling))) {
    throw new LeashError('LEASH_QUESTION_UNKNOWN', `question ${id} is not open any more`);
  }
  await print(`${WORDS[ruling.effect]} ${SPANS[ruling.scope]}: ${whatText(question)}`);
  return EXIT.ok;
}

/** `leash approve`. Throws LEASH_USAGE, LEASH_QUESTION_UNKNOWN, LEASH_SESSION_UNREACHABLE, LEASH_APPROVALS. */
export async function approve(invocation: Invocation): Promise<number> {
  const { flags } = invocation;
  if (flags.has('session') && flags.has('always')) {
    throw new LeashError('LEASH_USAGE', '--session and --always exclude each other');
  }
  const scope = flags.has('always') ? 'always' : flags.has('session') ? 'session' : 'once';
  return answer(invocation, { effect: 'allow', scope });
}

/** `leash deny`. Throws as `approve`. */
export async function deny(invocation: Invocation): Promise<number> {
  return answer(invocation, { effect: 'deny', scope: invocation.flags.has('session') ? 'session' : 'once' });
}
