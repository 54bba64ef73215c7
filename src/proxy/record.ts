// The time and the verdict as every Event of the proxy carries them.
import type { Event } from '../schema/event.ts';
import type { Decision } from './options.ts';

/** Milliseconds since the Unix epoch, with fraction. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Milliseconds since `start`, to the microsecond. */
export function elapsed(start: number): number {
  return Math.round((now() - start) * 1000) / 1000;
}

type VerdictFields = Pick<
  Event,
  'effect' | 'enforced' | 'shadow' | 'policies' | 'reason' | 'ask' | 'approval' | 'epoch'
>;

export function verdictFields(decision: Decision): VerdictFields {
  const { effect, enforced, shadow, policies, reason, ask, approval, epoch } = decision;
  return {
    effect,
    enforced,
    ...(shadow === undefined ? {} : { shadow }),
    policies,
    ...(reason === undefined ? {} : { reason }),
    ...(ask === undefined ? {} : { ask }),
    ...(approval === undefined ? {} : { approval }),
    epoch,
  };
}
