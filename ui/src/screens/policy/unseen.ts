// A policy text in; what reorders it or is drawn as nothing shown as an escape in its place, out. A policy is read before it is put in force.
import type { Extension } from '@codemirror/state';
import { highlightSpecialChars } from '@codemirror/view';
import { UNSEEN } from '../../../../src/schema/printable.ts';

/** As Cedar's literals write it. */
function escapeOf(code: number): HTMLElement {
  const element = document.createElement('span');
  element.className = 'cm-unseen';
  element.textContent = `\\u{${code.toString(16).padStart(4, '0')}}`;
  element.title = 'A character that hides or reorders text; it stands there as it is, not as this escape.';
  return element;
}

export const SHOWN: Extension = highlightSpecialChars({
  specialChars: new RegExp(String.raw`(?![\n\t])[${UNSEEN}]`, 'gu'),
  render: escapeOf,
});
