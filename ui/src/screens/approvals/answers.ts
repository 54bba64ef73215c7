// The five answers to a question: their words, their keys, and what each tells the session.
import type { Ruling } from '../../../../src/schema/approval.ts';

export interface Answer {
  readonly label: string;
  readonly key: string;
  readonly ruling: Ruling;
}

export const ANSWERS: readonly Answer[] = [
  { label: 'Allow once', key: 'a', ruling: { effect: 'allow', scope: 'once' } },
  { label: 'Allow for the session', key: 's', ruling: { effect: 'allow', scope: 'session' } },
  { label: 'Allow always', key: 'A', ruling: { effect: 'allow', scope: 'always' } },
  { label: 'Deny once', key: 'd', ruling: { effect: 'deny', scope: 'once' } },
  { label: 'Deny for the session', key: 'D', ruling: { effect: 'deny', scope: 'session' } },
];
