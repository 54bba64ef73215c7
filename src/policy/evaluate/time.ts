// The texts that Cedar's `decimal`, `datetime` and `duration` accept, as 64-bit integers; anything else is a runtime error (`undefined`).

function int64(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

/** Ten-thousandths. Source: cedar-policy-core, extensions/decimal.rs. */
export function parseDecimal(source: string): bigint | undefined {
  const match = /^(-?)(\d+)\.(\d{1,4})$/.exec(source);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const magnitude = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  return int64(sign === '-' ? -magnitude : magnitude);
}

const UNITS = [86_400_000n, 3_600_000n, 60_000n, 1000n, 1n] as const;

/** Milliseconds of `1d2h3m4s5ms`, units in that order. Source: Cedar RFC 80. */
export function parseDuration(source: string): bigint | undefined {
  const match = /^(-?)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(source);
  if (match === null) return undefined;
  const amounts = match.slice(2);
  if (amounts.every((amount) => amount === undefined)) return undefined;
  const sign = match[1] === '-' ? -1n : 1n;
  let total: bigint | undefined = 0n;
  for (const [i, unit] of UNITS.entries()) {
    const amount = amounts[i];
    if (amount === undefined) continue;
    if (sign > 0n && int64(BigInt(amount)) === undefined) return undefined;
    total = int64(total + sign * BigInt(amount) * unit);
    if (total === undefined) return undefined;
  }
  return total;
}

function daysIn(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}

/** Milliseconds since the epoch of `YYYY-MM-DD`, or of that day with `Thh:mm:ss(.SSS)?(Z|±hhmm)`. Source: Cedar RFC 80. */
export function parseDatetime(source: string): bigint | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?(?:Z|([+-])(\d\d)(\d\d)))?$/.exec(source);
  if (match === null) return undefined;
  const number = (i: number): number => Number(match[i] ?? 0);
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second] = [number(4), number(5), number(6)];
  const [offsetHours, offsetMinutes] = [number(9), number(10)];
  if (day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day);
  const offset = (offsetHours * 60 + offsetMinutes) * (match[8] === '-' ? -1 : 1);
  return BigInt(midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + number(7));
}
