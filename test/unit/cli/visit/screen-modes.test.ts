import { expect, test } from 'vitest';
import { ScreenModes } from '../../../../src/cli/visit/screen-modes.ts';

const after = (...chunks: string[]): string => {
  const modes = new ScreenModes();
  for (const chunk of chunks) modes.see(Buffer.from(chunk));
  return modes.restoring();
};

test('a program that set nothing leaves colours to end', () => {
  expect(after('text\x1b[31m')).toBe('\x1b[0m');
});

test('what is on goes off, what was hidden comes back, in parts of a sequence too', () => {
  expect(after('\x1b[?1049h\x1b[?25', 'l\x1b[?1000;1006h\x1b[?1000l')).toBe('\x1b[0m\x1b[?1049l\x1b[?1006l\x1b[?25h');
});

test('a program that cleaned up itself needs nothing', () => {
  expect(after('\x1b[?1049h\x1b[?25l', '\x1b[?25h\x1b[?1049l')).toBe('\x1b[0m');
});

test('modes nobody knows are left alone', () => {
  expect(after('\x1b[?31337h')).toBe('\x1b[0m');
});
