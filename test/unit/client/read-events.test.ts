import { expect, test } from 'vitest';
import { sseComment, sseEvent } from '../../../src/api/hub/sse.ts';
import { readEvents, type SentEvent } from '../../../src/client/read-events.ts';

test('events come out as they went in, however the bytes are cut', async () => {
  const text = `${sseComment()}${sseEvent('event', { name: 'é\n: x' }, 7)}${sseEvent('end', {})}event: unfinished\n`;
  const bytes = new TextEncoder().encode(text);
  for (const step of [1, 3, 1_000]) {
    const cut = Array.from({ length: Math.ceil(bytes.length / step) }, (_, at) =>
      bytes.slice(at * step, (at + 1) * step),
    );
    const found: SentEvent[] = [];
    for await (const event of readEvents(new Response(ReadableStream.from(cut)))) found.push(event);
    expect(found).toEqual([
      { name: 'event', id: '7', data: JSON.stringify({ name: 'é\n: x' }) },
      { name: 'end', id: '', data: '{}' },
    ]);
  }
});
