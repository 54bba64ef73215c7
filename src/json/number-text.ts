// The text of a JSON number enters; the one text of its value leaves, and whether all readers of JSON agree on that value.

export interface NumberText {
  /** As ECMAScript writes the value (RFC 8785, section 3.2.2.3): `100` for `1e2` and `100.0`. As it stands, if no such text has its value. */
  readonly text: string;
  /** False: a reader with 64-bit floating point gets another value than one that keeps all digits (RFC 8259, section 6). */
  readonly isExact: boolean;
}

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

/** Digits and exponent without leading and trailing zeros: two texts of one value are alike. */
function decimal(text: string): string | undefined {
  const parts = PARTS.exec(text);
  if (parts === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  if (short === '') return '0';
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}

export function numberText(literal: string): NumberText {
  const text = String(Number(literal));
  const value = decimal(literal);
  const isExact = value !== undefined && value === decimal(text);
  return { text: isExact ? text : literal, isExact };
}
