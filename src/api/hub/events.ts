// A session's journal in; its events by pages and as a stream, and the processes they tell of, out.
import { LeashError } from '../../host/errors.ts';
import { API_ROOT } from '../../schema/api.ts';
import { eventStream } from './event-stream.ts';
import { JournalPages } from './journal-pages.ts';
import { Processes } from './processes.ts';
import { type Route, route, sessionOf } from './route.ts';
import { eventPage, eventQuery, processList, streamQuery } from './schemas.ts';
import type { StreamLimit } from './stream-limit.ts';

/** `Last-Event-ID`, as browsers send it when they connect again; else the query's word. Throws LEASH_API_INPUT. */
function offsetOf(header: string | undefined, after: number): number {
  if (header === undefined || header === '') return after;
  if (/^(0|[1-9]\d{0,14})$/.test(header)) return Number(header);
  throw new LeashError('LEASH_API_INPUT', 'Last-Event-ID is not an offset of a journal');
}

export function eventRoutes(limit: StreamLimit, closing: AbortSignal): readonly Route[] {
  const pages = new JournalPages();
  const processes = new Processes();
  const close = (): void => void Promise.all([pages.close(), processes.close()]);
  closing.addEventListener('abort', close, { once: true });
  return [
    route({
      method: 'GET',
      path: `${API_ROOT}/sessions/:session/events`,
      access: 'session',
      summary: 'A page of a session’s events after an offset, with filters',
      query: eventQuery,
      reply: eventPage,
      answer: async (call) => ({ body: await pages.page(sessionOf(call).dir, call.query) }),
    }),
    route({
      method: 'GET',
      path: `${API_ROOT}/sessions/:session/events/stream`,
      access: 'session',
      summary:
        'Events as they come, as server-sent events: `event`, `gap`, `end`, `fault`; goes on after `Last-Event-ID`',
      query: streamQuery,
      isStream: true,
      answer: (call) => {
        const { after, ...late } = call.query;
        const place = { after: offsetOf(call.header('last-event-id'), after), ...late };
        return { stream: limit.counted(eventStream(sessionOf(call).dir, place, call.signal)) };
      },
    }),
    route({
      method: 'GET',
      path: `${API_ROOT}/sessions/:session/processes`,
      access: 'session',
      summary: 'The processes of a session, as its events tell; `parent` makes them a tree',
      reply: processList,
      answer: async (call) => ({ body: await processes.of(sessionOf(call).dir) }),
    }),
  ];
}
