// The options about ports in, what a session publishes out. No I/O.
import { type PublishOptions, parsePortSpec } from '../session/ports/port-spec.ts';
import type { Invocation } from './command.ts';

/** Undefined: nothing. @throws {LeashError} LEASH_USAGE */
export function publishOptions({ values, flags }: Invocation): PublishOptions | undefined {
  const specs = (values.get('publish') ?? []).map(parsePortSpec);
  const all = flags.has('publish-all');
  return specs.length === 0 && !all ? undefined : { specs, all };
}
