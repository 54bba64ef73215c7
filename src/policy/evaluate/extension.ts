// Cedar's extension functions on concrete values: arguments in, value out; `undefined` is a Cedar runtime error.
import { isInRange, isLoopback, isMulticast, parseIp } from './ip.ts';
import { parseDatetime, parseDecimal, parseDuration } from './time.ts';
import { bool, long, type Value } from './value.ts';

type Kind = 'ip' | 'decimal' | 'datetime' | 'duration';
type Extension = (first: Value, second: Value) => Value | undefined;

const DAY = 86_400_000n;

function instant(kind: 'datetime' | 'duration', value: bigint): Value | undefined {
  return long(value) === undefined ? undefined : { kind, value };
}

function construct(
  source: Value,
  kind: Exclude<Kind, 'ip'>,
  parse: (source: string) => bigint | undefined,
): Value | undefined {
  const value = source.kind === 'string' ? parse(source.value) : undefined;
  return value === undefined ? undefined : { kind, value };
}

function onDecimals(compare: (a: bigint, b: bigint) => boolean): Extension {
  return (a, b) => (a.kind === 'decimal' && b.kind === 'decimal' ? bool(compare(a.value, b.value)) : undefined);
}

function startOfDay(time: bigint): bigint {
  const rest = time % DAY;
  return time - (rest < 0n ? rest + DAY : rest);
}

function countOf(unit: bigint): Extension {
  return (span) => (span.kind === 'duration' ? long(span.value / unit) : undefined);
}

const UNARY: Readonly<Record<string, Extension>> = {
  ip: (source) => (source.kind === 'string' ? parseIp(source.value) : undefined),
  decimal: (source) => construct(source, 'decimal', parseDecimal),
  datetime: (source) => construct(source, 'datetime', parseDatetime),
  duration: (source) => construct(source, 'duration', parseDuration),
  isIpv4: (ip) => (ip.kind === 'ip' ? bool(ip.v4) : undefined),
  isIpv6: (ip) => (ip.kind === 'ip' ? bool(!ip.v4) : undefined),
  isLoopback: (ip) => (ip.kind === 'ip' ? bool(isLoopback(ip)) : undefined),
  isMulticast: (ip) => (ip.kind === 'ip' ? bool(isMulticast(ip)) : undefined),
  toDate: (time) => (time.kind === 'datetime' ? instant('datetime', startOfDay(time.value)) : undefined),
  toTime: (time) => (time.kind === 'datetime' ? instant('duration', time.value - startOfDay(time.value)) : undefined),
  toMilliseconds: countOf(1n),
  toSeconds: countOf(1000n),
  toMinutes: countOf(60_000n),
  toHours: countOf(3_600_000n),
  toDays: countOf(DAY),
};

const BINARY: Readonly<Record<string, Extension>> = {
  isInRange: (ip, range) => (ip.kind === 'ip' && range.kind === 'ip' ? bool(isInRange(ip, range)) : undefined),
  lessThan: onDecimals((a, b) => a < b),
  lessThanOrEqual: onDecimals((a, b) => a <= b),
  greaterThan: onDecimals((a, b) => a > b),
  greaterThanOrEqual: onDecimals((a, b) => a >= b),
  offset: (time, span) =>
    time.kind === 'datetime' && span.kind === 'duration' ? instant('datetime', time.value + span.value) : undefined,
  durationSince: (time, since) =>
    time.kind === 'datetime' && since.kind === 'datetime' ? instant('duration', time.value - since.value) : undefined,
};

export function isExtension(name: string): boolean {
  return Object.hasOwn(UNARY, name) || Object.hasOwn(BINARY, name);
}

/** Does the function make a value of an extension type (`ip`, `decimal`, `datetime`, `duration`)? */
export function isConstructor(name: string): boolean {
  return name === 'ip' || name === 'decimal' || name === 'datetime' || name === 'duration';
}

/** Calls an extension function or method; the wrong number of arguments is a runtime error, as in Cedar. */
export function callExtension(name: string, args: readonly Value[]): Value | undefined {
  const [first, second] = args;
  if (first === undefined || args.length > 2) return undefined;
  if (second === undefined) return Object.hasOwn(UNARY, name) ? UNARY[name]?.(first, first) : undefined;
  return Object.hasOwn(BINARY, name) ? BINARY[name]?.(first, second) : undefined;
}
