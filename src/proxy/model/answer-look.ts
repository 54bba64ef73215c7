// Head and body of a response enter; what a model says in it is read into an AnswerReader, in whichever form and coding it comes.
import type { Buffer } from 'node:buffer';
import { readStrictJson } from '../../json/strict-json.ts';
import type { Share } from '../exchange/allowance.ts';
import { KeptBytes } from '../exchange/kept-bytes.ts';
import type { Look } from '../exchange/looking-filter.ts';
import { contentCodings, decodeContent } from '../http/content-coding.ts';
import type { Field } from '../http/head.ts';
import { AmazonEvents } from './amazon-events.ts';
import { EventLines } from './event-lines.ts';
import type { AnswerReader } from './model-answer.ts';

/** Of an answer that is read at its end only: one JSON text, or an encoded stream. */
const MAX_KEPT = 8_388_608;
const MAX_DECODED = 33_554_432;

/** Media type without parameters. */
export function mediaType(fields: readonly Field[]): string {
  const value = fields.find(({ name }) => name === 'content-type')?.value ?? '';
  return (value.split(';', 1)[0] ?? '').trim().toLowerCase();
}

function wholeJson(answer: AnswerReader, share: Share): Look {
  const kept = new KeptBytes(share, MAX_KEPT);
  return {
    push: (content) => kept.push(content),
    end: () => {
      const reading = kept.isWhole ? readStrictJson(kept.bytes()) : undefined;
      if (reading !== undefined && 'value' in reading) answer.take(reading.value);
    },
  };
}

function plainLook(type: string, answer: AnswerReader, share: Share): Look | undefined {
  if (type === 'text/event-stream') return new EventLines(true, (data) => answer.takeText(data));
  if (/^application\/(?:x-)?(?:ndjson|jsonl|json-?lines)$/.test(type))
    return new EventLines(false, (line) => answer.takeText(line));
  if (type === 'application/vnd.amazon.eventstream') return new AmazonEvents((payload) => answer.takeText(payload));
  return /^application\/(?:[\w.-]+\+)?json$/.test(type) ? wholeJson(answer, share) : undefined;
}

/** Decoded when it is all there: what passes is not held up, and the summary is not wanted before. @param most bytes that are kept for it */
export function decodedLook(codings: readonly string[], look: Look, share: Share, most: number = MAX_KEPT): Look {
  const kept = new KeptBytes(share, most);
  return {
    push: (content: Buffer) => kept.push(content),
    end: () => {
      const decoded = kept.isWhole ? decodeContent(kept.bytes(), codings, MAX_DECODED) : undefined;
      if (decoded !== undefined && 'content' in decoded) look.push(decoded.content);
      look.end();
    },
  };
}

/** @returns undefined when the response can be no model's answer. */
export function answerLook(fields: readonly Field[], answer: AnswerReader, share: Share): Look | undefined {
  const look = plainLook(mediaType(fields), answer, share);
  const codings = contentCodings(fields);
  return look === undefined || codings.length === 0 ? look : decodedLook(codings, look, share);
}
