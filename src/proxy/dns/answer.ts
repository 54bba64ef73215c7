// One DNS query in wire form enters, the reply in wire form and what was asked leave; names have addresses by policy alone.
import type { Buffer } from 'node:buffer';
import dns from 'dns-packet';
import type { Who } from '../../schema/event.ts';
import { vetAddress } from '../names/address.ts';
import { canonicalHost, isLocalhost } from '../names/canonical-host.ts';
import type { SyntheticNames } from '../names/synthetic-names.ts';
import { type Decision, isRefusal } from '../options.ts';
import { isLookedUp, type LookedUpType, LookupError } from './records.ts';
import { bareReply, RCODE, type RecordData, reply, type Transport } from './reply.ts';
import { reversedAddress } from './reverse.ts';

/** Response bit, opcode, and authoritative answer are in the same 16 bits (RFC 1035, section 4.1.1). */
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const HEADER_LENGTH = 12;

export type Outcome = 'address' | 'name' | 'records' | 'no-data' | 'no-such-name' | 'failed';

/** What was asked: the name in canonical form, or as sent when it is no host name. Of an address, the name it was given to. */
export interface Question {
  readonly name: string;
  readonly qtype: string;
}

export interface NameService {
  readonly names: SyntheticNames;
  /** Whether a name may be known; `host` is undefined when the question's name is no host name. Called once for each question. */
  judge(question: Question, host: string | undefined): Decision | Promise<Decision>;
  /**
   * Records other than addresses, from the host's resolver; undefined when none may be asked for.
   * @throws LookupError
   */
  lookUp(host: string, type: LookedUpType, decision: Decision): Promise<readonly RecordData[]> | undefined;
  /** What became of a question. Called once for each question. */
  answered(question: Question, outcome: Outcome, decision: Decision, asker: Who | undefined): void;
}

interface Result {
  readonly rcode: number;
  readonly outcome: Outcome;
  readonly records?: readonly RecordData[];
}

const NO_SUCH_NAME: Result = { rcode: RCODE.noSuchName, outcome: 'no-such-name' };
const NO_DATA: Result = { rcode: RCODE.ok, outcome: 'no-data' };
const FAILED: Result = { rcode: RCODE.failed, outcome: 'failed' };

function found(outcome: Outcome, ...records: readonly RecordData[]): Result {
  return records.length === 0 ? NO_DATA : { rcode: RCODE.ok, outcome, records };
}

function address(host: string, type: 'A' | 'AAAA', names: SyntheticNames): Result {
  const loopback = type === 'A' ? '127.0.0.1' : '::1';
  const data = isLocalhost(host) ? loopback : names.addressOf(host, type === 'A' ? 4 : 6);
  return data === undefined ? FAILED : found('address', { type, data });
}

/** The name that an address was given to, or that loopback has. */
function nameOf(reversed: string | undefined, names: SyntheticNames): string | undefined {
  if (reversed === undefined) return undefined;
  return vetAddress(reversed) === 'loopback' ? 'localhost' : names.nameOf(reversed);
}

/** HTTPS and SVCB have no data, so no ECH key and no HTTP/3 hint reaches the agent; nor have ANY and transfers. */
function resolve(
  { qtype }: Question,
  host: string | undefined,
  decision: Decision,
  service: NameService,
): Result | Promise<Result> {
  if (host === undefined || isRefusal(decision)) return NO_SUCH_NAME;
  if (qtype === 'A' || qtype === 'AAAA') return address(host, qtype, service.names);
  const looking = isLookedUp(qtype) ? service.lookUp(host, qtype, decision) : undefined;
  if (looking === undefined) return NO_DATA;
  return looking.then(
    (records) => found('records', ...records),
    (error: unknown) => (error instanceof LookupError && error.isNoSuchName ? NO_SUCH_NAME : FAILED),
  );
}

/** Now, or as soon as it is known. */
function then<In, Out>(value: In | Promise<In>, next: (value: In) => Out | Promise<Out>): Out | Promise<Out> {
  return value instanceof Promise ? value.then(next) : next(value);
}

/**
 * Answers one query.
 * @param asker who asks, for the record.
 * @returns undefined when nothing may be answered: the bytes are too short for a header, or are a response themselves; a promise
 * when a person or the host's resolver is asked first
 */
export function answerQuery(
  query: Buffer,
  service: NameService,
  asker?: Who,
  transport: Transport = 'udp',
): Buffer | undefined | Promise<Buffer> {
  if (query.length < HEADER_LENGTH) return undefined;
  const flags = query.readUInt16BE(2);
  if ((flags & RESPONSE) !== 0) return undefined;
  if ((flags & OPCODE) !== 0) return bareReply(query, RCODE.notImplemented);
  let packet: dns.DecodedPacket;
  try {
    packet = dns.decode(query);
  } catch {
    return bareReply(query, RCODE.malformed);
  }
  const [asked, ...others] = packet.questions ?? [];
  if (asked === undefined || others.length > 0) return bareReply(query, RCODE.malformed);
  if ((asked.class ?? 'IN') !== 'IN') return bareReply(query, RCODE.notImplemented);
  const given = asked.type === 'PTR' ? nameOf(reversedAddress(asked.name), service.names) : undefined;
  const host = given ?? canonicalHost(asked.name);
  const question = { name: host ?? asked.name, qtype: asked.type };
  return then(service.judge(question, host), (decision) => {
    const isGiven = given !== undefined && !isRefusal(decision);
    const result = isGiven ? found('name', { type: 'PTR', data: given }) : resolve(question, host, decision, service);
    return then(result, ({ rcode, outcome, records = [] }) => {
      service.answered(question, outcome, decision, asker);
      return reply(query, packet, asked, rcode, records, transport);
    });
  });
}
