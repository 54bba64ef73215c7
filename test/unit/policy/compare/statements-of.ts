// Statements of a test in; the differences between two sets of them out.
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { comparePolicies, type Difference } from '../../../../src/policy/compare/compare.ts';
import { type Policy, type PolicyRecord, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { FACTS } from '../judge.ts';

export const WRITE: string = 'principal, action == Action::"FileWrite"';
export const CONNECT: string = 'principal, action == Action::"NetConnect"';
export const EXEC: string = 'principal, action == Action::"ProcessExec"';
export const HTTP: string = 'principal, action == Action::"HttpRequest"';

export function policies(statements: readonly string[], more: Partial<PolicyRecord> = {}): readonly Policy[] {
  return statements.map((text, i) => readPolicy({ id: `p${i}`, shadow: false, json: statementToJson(text), ...more }));
}

export function compare(before: readonly string[], after: readonly string[]): readonly Difference[] {
  return comparePolicies(policies(before), policies(after), FACTS);
}

/** The witness's resource and direction of each difference. */
export function summary(differences: readonly Difference[]): readonly string[] {
  return differences.map(({ action, direction, witness: { resource }, undecided }) => {
    const name = resource.type === 'path' ? resource.path : resource.name;
    return [direction, action, name, ...undecided.map((reason) => `? ${reason}`)].join(' ');
  });
}
