// Every class of requests that a session can ask about; together they cover each enforced action.
import type { SessionFacts } from '../facts.ts';
import { networkClasses } from './network-class.ts';
import { execClass, fileClass, type RequestClass } from './request-class.ts';

/** One class an action or more. An action that becomes enforced (McpCall, HttpRewrite, SecretUse) gets its class here. `facts` are canonical. */
export function requestClasses(facts: SessionFacts): readonly RequestClass[] {
  return [fileClass(facts), execClass(facts), ...networkClasses(facts)];
}
