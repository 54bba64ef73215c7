import { afterEach, beforeEach, expect, test } from 'vitest';
import { OtlpSink } from '../../../../src/journal/otlp/sink.ts';
import { otlpTarget } from '../../../../src/journal/otlp/target.ts';
import { OtlpReceiver } from '../../../fixtures/otlp-receiver.ts';
import { numbered, sampleEvent } from '../sample-session.ts';

const SESSION = { id: '20261125-142233-k3f9', user: 'u', version: '1', started: 1_000 };

let receiver: OtlpReceiver;
let endpoint = '';
beforeEach(async () => {
  receiver = new OtlpReceiver();
  endpoint = await receiver.listen();
});
afterEach(() => receiver.close());

const sinkTo = (url: string): OtlpSink => new OtlpSink(SESSION, otlpTarget({}, url)?.target ?? {});

test('events arrive as log records of one trace, requests as spans below the session', async () => {
  const sink = sinkTo(endpoint);
  sink.add({ seq: 0, event: sampleEvent({ effect: 'deny', reason: 'no' }) });
  sink.add({
    seq: 1,
    event: sampleEvent({
      action: 'HttpRequest',
      resource: { type: 'host', name: 'a.example' },
      detail: { method: 'GET', path: '/x', duration_ms: 12.5 },
    }),
  });
  expect(await sink.close(9_000)).toEqual({ sent: 2, dropped: 0 });
  expect(receiver.logs).toMatchObject([
    {
      eventName: 'leash.file_open_read_only',
      severityText: 'WARN',
      body: { stringValue: 'denied FileOpenReadOnly /home/u/project/README.md: no' },
      attributes: { 'leash.seq': 0, 'session.id': SESSION.id },
    },
    { severityText: 'INFO', attributes: { 'leash.seq': 1, 'http.request.method': 'GET' } },
  ]);
  const [request, session] = receiver.spans;
  expect([request?.name, session?.name]).toEqual(['GET', 'leash session']);
  expect(request?.parentSpanId).toBe(session?.spanId);
  expect(session?.parentSpanId).toBeUndefined();
  const traces = new Set([...receiver.logs, ...receiver.spans].map(({ traceId }) => traceId));
  expect([...traces]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
});

test('thousands arrive in order, each once', async () => {
  const sink = sinkTo(endpoint);
  for (let seq = 0; seq < 5_000; seq += 1) sink.add({ seq, event: numbered(seq) });
  await sink.flush(); // at its end nobody waits longer than five seconds
  expect(await sink.close(2_000)).toEqual({ sent: 5_000, dropped: 0 });
  expect(receiver.logs.map(({ attributes }) => attributes['leash.seq'])).toEqual(
    Array.from({ length: 5_000 }, (_, seq) => seq),
  );
});

test('what is refused, or finds no room, is counted', async () => {
  receiver.behaviour = 'refuses';
  const sink = sinkTo(endpoint);
  for (let seq = 0; seq < 20_000; seq += 1) sink.add({ seq, event: numbered(seq) });
  expect(await sink.close(2_000)).toEqual({ sent: 0, dropped: 20_000 });
});

test('an endpoint that is not there, or never answers, is given up in time', async () => {
  receiver.behaviour = 'hangs';
  for (const url of [endpoint, 'http://127.0.0.1:1']) {
    const sink = sinkTo(url);
    for (let seq = 0; seq < 600; seq += 1) sink.add({ seq, event: numbered(seq) });
    expect(await sink.close(2_000)).toEqual({ sent: 0, dropped: 600 });
  }
});
