// One DNS query in wire form enters, the reply in wire form and what was asked leave; names are resolved by policy alone.
import type { Buffer } from 'node:buffer';
import dns from 'dns-packet';
import type { Who } from '../../schema/event.ts';
import { canonicalHost, isLocalhost } from '../names/canonical-host.ts';
import type { SyntheticNames } from '../names/synthetic-names.ts';
import { type Decision, isRefusal } from '../options.ts';

/** RFC 1035, section 4.1.1. */
const RCODE = { ok: 0, malformed: 1, failed: 2, noSuchName: 3, notImplemented: 4 } as const;
/** Response bit, opcode, and authoritative answer are in the same 16 bits (RFC 1035, section 4.1.1). */
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const HEADER_LENGTH = 12;
/** Seconds. Short, so that a name refused after a policy reload is soon asked again. */
const TTL = 10;
/** Fits every path without fragments (DNS flag day 2020). */
const UDP_PAYLOAD = 1232;

export type Outcome = 'address' | 'no-data' | 'no-such-name' | 'failed';

/** What was asked: the name in canonical form, or as sent when it is no host name. */
export interface Question {
  readonly name: string;
  readonly qtype: string;
}

export interface NameService {
  readonly names: SyntheticNames;
  /** Whether a name may have an address; `host` is undefined when the question's name is no host name. Called once for each question. */
  judge(question: Question, host: string | undefined): Decision;
  /** What became of a question. Called once for each question. */
  answered(question: Question, outcome: Outcome, decision: Decision, asker: Who | undefined): void;
}

function addressFor(name: string, qtype: string, names: SyntheticNames): string | undefined {
  const family = qtype === 'A' ? 4 : 6;
  if (isLocalhost(name)) return family === 4 ? '127.0.0.1' : '::1';
  return names.addressOf(name, family);
}

/** Reply with an error and no sections: all that can be said to a query which cannot be read. */
function bareReply(query: Buffer, rcode: number): Buffer {
  return dns.encode({ type: 'response', id: query.readUInt16BE(0), flags: dns.RECURSION_AVAILABLE | rcode });
}

interface Result {
  readonly rcode: number;
  readonly outcome: Outcome;
  readonly address?: string;
}

/** Only A and AAAA get an address; HTTPS and SVCB get none, so no ECH key and no HTTP/3 hint reaches the agent. */
function resolve(question: Question, host: string | undefined, decision: Decision, names: SyntheticNames): Result {
  if (host === undefined || isRefusal(decision)) return { rcode: RCODE.noSuchName, outcome: 'no-such-name' };
  if (question.qtype !== 'A' && question.qtype !== 'AAAA') return { rcode: RCODE.ok, outcome: 'no-data' };
  const address = addressFor(host, question.qtype, names);
  return address === undefined
    ? { rcode: RCODE.failed, outcome: 'failed' }
    : { rcode: RCODE.ok, outcome: 'address', address };
}

function reply(query: dns.DecodedPacket, asked: dns.Question, result: Result): Buffer {
  const type = asked.type === 'AAAA' ? 'AAAA' : 'A';
  const answers: dns.Answer[] =
    result.address === undefined ? [] : [{ type, name: asked.name, ttl: TTL, data: result.address }];
  // RFC 6891, section 7: an OPT record is answered by one.
  const edns = query.additionals?.some((record) => record.type === 'OPT') ?? false;
  const additionals: dns.Answer[] = edns
    ? [
        {
          type: 'OPT',
          name: '.',
          udpPayloadSize: UDP_PAYLOAD,
          extendedRcode: 0,
          ednsVersion: 0,
          flags: 0,
          flag_do: false,
          options: [],
        },
      ]
    : [];
  const flags = dns.RECURSION_AVAILABLE | (query.flag_rd ? dns.RECURSION_DESIRED : 0) | result.rcode;
  return dns.encode({ type: 'response', id: query.id ?? 0, flags, questions: [asked], answers, additionals });
}

/**
 * Answers one query.
 * @param asker who asks, for the record.
 * @returns undefined when nothing may be answered: the bytes are too short for a header, or are a response themselves.
 */
export function answerQuery(query: Buffer, service: NameService, asker?: Who): Buffer | undefined {
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
  const host = canonicalHost(asked.name);
  const question = { name: host ?? asked.name, qtype: asked.type };
  const decision = service.judge(question, host);
  const result = resolve(question, host, decision, service.names);
  service.answered(question, result.outcome, decision, asker);
  return reply(packet, asked, result);
}
