// How long questions wait, and the person's webhook in; how a person is told of questions and answers them out. All of it is loaded with the first one.
import type { Question } from '../schema/approval.ts';
import type { Asking } from '../session/options.ts';
import type { WebhookSettings } from './webhook-settings.ts';

interface Teller {
  tell(question: Question, session: string): void;
}

export interface AskingOptions {
  /** Milliseconds; 0: nothing is asked. */
  readonly timeout: number;
  readonly isQuiet: boolean;
  readonly webhook?: WebhookSettings | undefined;
}

export function asking({ timeout, isQuiet, webhook }: AskingOptions): Asking {
  let loaded: Promise<readonly Teller[]> | undefined;
  const load = async (): Promise<readonly Teller[]> => {
    const { QuestionNotice } = await import('./question-notice.ts');
    const notice = new QuestionNotice();
    const tellers: Teller[] = isQuiet ? [] : [notice];
    if (webhook === undefined) return tellers;
    const { Webhook } = await import('../api/webhook/webhook.ts');
    const failed = (line: string): void => (isQuiet ? undefined : notice.say(line));
    return [...tellers, new Webhook({ ...webhook, failed })];
  };
  return {
    timeout,
    tell: (question, session) => {
      if (isQuiet && webhook === undefined) return;
      loaded ??= load();
      void loaded.then((tellers) => {
        for (const teller of tellers) teller.tell(question, session);
      });
    },
    openDoor: async (...given) => (await import('../api/door.ts')).openDoor(...given),
  };
}
