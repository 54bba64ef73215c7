// Every class of requests that a session can ask about; together they cover each action.
import type { SessionFacts } from '../facts.ts';
import { credentialClasses } from './credential-class.ts';
import { httpClasses } from './http-class.ts';
import { mcpClasses } from './mcp-class.ts';
import { networkClasses } from './network-class.ts';
import { execClass, fileClass, type RequestClass } from './request-class.ts';

/** One class an action or more. `facts` are canonical. */
export function requestClasses(facts: SessionFacts): readonly RequestClass[] {
  return [
    fileClass(facts),
    execClass(facts),
    ...networkClasses(facts),
    ...httpClasses(facts),
    ...credentialClasses(facts),
    ...mcpClasses(),
  ];
}
