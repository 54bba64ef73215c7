// A text that an agent chose in, the same with everything that hides or reorders text made visible out.

/** C0, DEL, C1, and characters that reorder or hide text (Unicode TR 36). */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
