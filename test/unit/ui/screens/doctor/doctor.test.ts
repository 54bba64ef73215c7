import { expect, test } from 'vitest';
import type { DoctorFinding } from '../../../../../src/schema/api.ts';
import { conclusionOf, isCommand, markOf, ordered } from '../../../../../ui/src/screens/doctor/doctor.ts';

const finding = (id: string, state: DoctorFinding['state'], required = true): DoctorFinding => ({
  id,
  name: id,
  state,
  detail: '',
  required,
});
const PROBES = [
  finding('fine', 'ok'),
  finding('spare', 'missing', false),
  finding('less', 'degraded'),
  finding('needed', 'missing'),
];

test('what needs a hand comes first; what is optional and absent is no fault', () => {
  expect(ordered(PROBES).map(({ id }) => id)).toEqual(['needed', 'less', 'spare', 'fine']);
  expect(PROBES.map((one) => markOf(one).style)).toEqual(['good', 'quiet', 'warn', 'bad']);
});

test('the conclusion names what is missing, and what nobody knows yet', () => {
  const report = { probes: PROBES, canStart: false, engine: 'seccomp', backend: 'bubblewrap', refusals: ['needed'] };
  expect(conclusionOf(report)).toBe('Leash would refuse to start; missing: needed.');
  const unknown = { ...report, canStart: true, probes: [finding('tproxy', 'unknown')] };
  expect(conclusionOf(unknown)).toContain('in bubblewrap. Not known before it starts: tproxy.');
});

test('commands and sentences are told apart', () => {
  expect(isCommand('sudo modprobe overlay')).toBe(true);
  expect(isCommand('Boot a kernel of version 6.6 or later.')).toBe(false);
});
