// The time and the verdict as every Event of the proxy carries them.
import type { Event } from '../schema/event.ts';
import type { Decision } from './options.ts';

let origin = performance.timeOrigin;

/**
 * Milliseconds since the Unix epoch, with fraction. Node's own fine clock stands still while the machine sleeps, and does not follow when
 * its time is set; the records of the warden have the machine's.
 */
export function now(): number {
  const coarse = Date.now();
  const fine = performance.now();
  const fraction = origin + fine - coarse;
  if (fraction < 0 || fraction >= 1) origin = coarse - fine + (fraction < 0 ? 0 : 0.999);
  return origin + fine;
}

/** Milliseconds since `start`, to the microsecond. */
export function elapsed(start: number): number {
  return Math.max(0, Math.round((now() - start) * 1000) / 1000);
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
