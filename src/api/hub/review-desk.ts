// A process of the hub's for one order: the order on standard input, the answer or the error on standard output. Files are compared here, so the hub goes on answering; the lock of a review is a process's.
import { readFileSync, writeSync } from 'node:fs';
import { LeashError } from '../../host/errors.ts';
import { answerOrder, type ReviewOrder } from './review-answer.ts';

function answered(): unknown {
  try {
    return { answer: answerOrder(JSON.parse(readFileSync(0, 'utf8')) as ReviewOrder) };
  } catch (error) {
    if (!(error instanceof LeashError)) throw error;
    const { code, message, details } = error;
    return { fault: { code, message, details } };
  }
}

const bytes = Buffer.from(JSON.stringify(answered()));
for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at);
