import { expect, test } from 'vitest';
import { otlpTarget } from '../../../../src/journal/otlp/target.ts';

const A = 'http://a.example:4318';

test.each([
  [{}, undefined, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: A }, undefined, { target: { logs: `${A}/v1/logs`, traces: `${A}/v1/traces` } }],
  [
    { OTEL_EXPORTER_OTLP_ENDPOINT: `${A}/x/` },
    undefined,
    { target: { logs: `${A}/x/v1/logs`, traces: `${A}/x/v1/traces` } },
  ],
  [{ OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${A}/in` }, undefined, { target: { logs: `${A}/in` } }],
  [{}, A, { target: { logs: `${A}/v1/logs`, traces: `${A}/v1/traces` } }],
  [{ OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_ENDPOINT: A }, undefined, undefined],
  [
    { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: A },
    undefined,
    { problem: expect.stringContaining('http/json') },
  ],
])('%j and %j lead to %j', (env, configured, expected) => {
  expect(otlpTarget(env, configured)).toEqual(expected);
});

test.each(['collector:4317', 'unix:/x', 'ftp://a/', 'no url', 'user:secret@x'])(
  '%j is no endpoint, and is not repeated',
  (url) => {
    const chosen = otlpTarget({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(chosen).toEqual({ problem: 'OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL' });
  },
);
