// Calls of Cedar's extension functions: exact on constants, atoms for an address of the request, opaque on what nobody knows.
import { callExtension } from '../evaluate/extension.ts';
import { type Ip, isSingleAddress, LOOPBACK, MULTICAST } from '../evaluate/ip.ts';
import { FALSE, type Node, TRUE } from './bdd.ts';
import type { Relations } from './relations.ts';
import type { Cases } from './symbolic.ts';
import { type AddressAtoms, isConstant, type Term, termKey } from './term.ts';

const ALL_V4: Ip = { kind: 'ip', v4: true, address: 0n, prefix: 0 };

function isInsideAny({ domain }: Relations, subject: AddressAtoms, ranges: readonly Ip[]): Node {
  return ranges.reduce((any: Node, range) => domain.bdd.or(any, subject.isInside(range)), FALSE);
}

function test(relations: Relations, name: string, subject: AddressAtoms): Node | undefined {
  switch (name) {
    case 'isIpv4':
      return subject.isInside(ALL_V4);
    case 'isIpv6':
      return relations.domain.bdd.not(subject.isInside(ALL_V4));
    case 'isLoopback':
      return isInsideAny(relations, subject, LOOPBACK);
    case 'isMulticast':
      return isInsideAny(relations, subject, MULTICAST);
    default:
      return undefined;
  }
}

/** At least one operand is an address of the request. */
function callOnAddress(relations: Relations, name: string, operands: readonly Term[]): Cases {
  const { fromNode } = relations;
  const [first, second] = operands;
  if (operands.length === 1 && first?.kind === 'someAddress') {
    const node = test(relations, name, first.subject);
    return node === undefined ? [] : fromNode(node);
  }
  if (operands.length !== 2 || name !== 'isInRange') return [];
  if (first?.kind === 'someAddress' && second?.kind === 'ip') return fromNode(first.subject.isInside(second));
  // A range lies in a single address only if it is that address.
  if (first?.kind === 'ip' && second?.kind === 'someAddress')
    return fromNode(isSingleAddress(first) ? second.subject.isInside(first) : FALSE);
  // No request has two addresses.
  return first?.kind === 'someAddress' && second?.kind === 'someAddress' ? fromNode(TRUE) : [];
}

/** No case is Cedar's runtime error. */
export function call(relations: Relations, name: string, operands: readonly Term[]): Cases {
  if (operands.every(isConstant)) {
    const value = callExtension(name, operands);
    return value === undefined ? [] : [[TRUE, value]];
  }
  const isOpaque = operands.some(({ kind }) => kind === 'opaque');
  if (isOpaque || !operands.some(({ kind }) => kind === 'someAddress'))
    return [[TRUE, { kind: 'opaque', name: `${name}(${operands.map(termKey).join()})` }]];
  return callOnAddress(relations, name, operands);
}
