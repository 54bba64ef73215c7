// Text of unknown origin in, the same without characters that a terminal would act on out.

/** C0 (but not newline, tab), DEL, C1, and the characters that reorder or hide text (Unicode TR 36, "Trojan Source"). */
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** What a terminal would act on becomes `\u001b`; newlines and tabs stay. In JSON text that is still the same value. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}
