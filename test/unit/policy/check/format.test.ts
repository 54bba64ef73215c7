import { expect, test } from 'vitest';
import { LeashError } from '../../../../src/host/errors.ts';
import { formatSource } from '../../../../src/policy/check/format.ts';

const format = (text: string): string => formatSource({ name: 'p.cedar', text });

test('comments stay wherever they stand, and formatting again changes nothing', () => {
  const text = `// first

// second
permit(principal,action, // after action
resource) when { // opens
 [1,2,].contains(3) || true // last
}; // behind
// between

@id("x") // after the annotation
forbid(principal,action,resource);
// the very end`;
  const formatted = format(text);
  expect(formatted.match(/\/\/ [a-z ]+/g)).toEqual(text.match(/\/\/ [a-z ]+/g));
  expect(formatted.startsWith('// first\n')).toBe(true);
  expect(formatted.endsWith('// the very end\n')).toBe(true);
  expect(format(formatted)).toBe(formatted);
});

test.each([
  ['', ''],
  ['// only\n', '// only\n'],
  ['permit(principal,action,resource);\r\n// dos\r\n', 'permit (principal, action, resource);\n// dos\n'],
])('%j', (text, formatted) => expect(format(text)).toBe(formatted));

function refusal(text: string): string {
  try {
    format(text);
  } catch (error) {
    if (error instanceof LeashError) return [error.message, ...error.details].join('\n');
  }
  throw new Error('it was formatted');
}

test('syntax errors are reported in their places, all of them', () => {
  const said = refusal('permt(principal, action, resource);\npermit(principal, action, resource) wen { true };');
  expect(said).toContain('p.cedar:1:1: invalid policy effect: permt');
  expect(said).toContain('p.cedar:2:37: invalid policy condition: wen');
});

test('a text beyond the limits never reaches the formatter', () => {
  const deep = `permit(principal, action, resource) when { ${'('.repeat(200)}true${')'.repeat(200)} };`;
  expect(refusal(deep)).toContain('p.cedar:1:107: brackets are nested more than 64 deep');
  expect(refusal('x'.repeat(4_194_305))).toContain('at most 4194304 bytes');
});
