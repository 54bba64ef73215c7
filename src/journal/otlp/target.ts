// The environment and the configuration in; where events are sent by OTLP, or why they are not, out. It loads nothing.

type Env = Readonly<Record<string, string | undefined>>;

export interface OtlpTarget {
  /** Absent: no log records, or no spans, are sent. */
  readonly logs?: string;
  readonly traces?: string;
}

export type OtlpChoice =
  | { readonly target: OtlpTarget; readonly problem?: undefined }
  | { readonly target?: undefined; readonly problem: string }
  | undefined;

const COMMON = 'OTEL_EXPORTER_OTLP_ENDPOINT';
/** Collectors that take one of the two over HTTP take the other at the same address. */
const PROTOCOLS = ['http/json', 'http/protobuf'];

/** A URL may hold a password: it is in no message. */
export function isEndpoint(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function below(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/+$/, '')}/${path}`;
}

/**
 * Undefined when nobody asked for it. Source: OpenTelemetry specification, "OpenTelemetry Protocol Exporter", endpoint URLs for OTLP/HTTP.
 * @param configured an endpoint without a signal's path; variables outweigh it
 */
export function otlpTarget(env: Env, configured?: string): OtlpChoice {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined;
  const common = env[COMMON] || configured;
  const places = (
    [
      ['logs', 'OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'v1/logs'],
      ['traces', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'v1/traces'],
    ] as const
  ).map(([signal, name, path]) => {
    const own = env[name];
    return { signal, name: own ? name : COMMON, url: own || common, whole: own || (common && below(common, path)) };
  });
  const asked = places.filter(({ url }) => url !== undefined && url !== '');
  if (asked.length === 0) return undefined;
  const wrong = asked.find(({ url }) => !isEndpoint(url ?? ''));
  if (wrong !== undefined) return { problem: `${wrong.name} is no http or https URL` };
  const protocol = env['OTEL_EXPORTER_OTLP_PROTOCOL'];
  if (protocol && !PROTOCOLS.includes(protocol))
    return { problem: `OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(protocol)}, and Leash speaks http/json` };
  return { target: Object.fromEntries(asked.map(({ signal, whole }) => [signal, whole])) };
}
