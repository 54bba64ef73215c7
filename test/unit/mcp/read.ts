// A text enters, the one message in it leaves, as tests need it.
import { Buffer } from 'node:buffer';
import {
  isFault,
  type Message,
  type Messages,
  type NotificationMessage,
  type RequestMessage,
  type ResponseMessage,
  readMessages,
} from '../../../src/mcp/message.ts';

export function messages(text: string, mayBeBatch: boolean = true): Messages {
  const reading = readMessages(Buffer.from(text), { mayBeBatch });
  if (isFault(reading)) throw new Error(reading.fault);
  return reading;
}

function only(text: string): Message {
  return messages(text).entries[0] as Message;
}

export function requestOf(text: string): RequestMessage {
  const message = only(text);
  if (message.kind !== 'request') throw new Error('it is no request');
  return message;
}

export function notificationOf(text: string): NotificationMessage {
  const message = only(text);
  if (message.kind !== 'notification') throw new Error('it is no notification');
  return message;
}

export function responseOf(text: string): ResponseMessage {
  const message = only(text);
  if (message.kind !== 'response') throw new Error('it is no response');
  return message;
}

/** A request with parameters, as JSON text. */
export function call(method: string, params?: object, id: string = '1'): string {
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}"${params === undefined ? '' : `,"params":${JSON.stringify(params)}`}}`;
}
