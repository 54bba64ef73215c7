// Text of unknown origin in, the same without characters that a terminal would act on, and none that hide or reorder text, out.

/**
 * For a class of a regular expression with the flag `u`: control characters, line separators, all that reorders text (Unicode TR 36, "Trojan
 * Source"), and all that is drawn as nothing: fillers, joiners, selectors, tags (Default_Ignorable_Code_Point, Unicode TR 44).
 */
export const UNSEEN: string = String.raw`\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb`;

const UNPRINTABLE = new RegExp(String.raw`(?![\n\t])[${UNSEEN}]`, 'gu');

/** Each of its UTF-16 units. */
function escapeCharacter(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** What a terminal would act on becomes `\u001b`; newlines and tabs stay. In JSON text that is still the same value. */
export function escapeUnprintable(text: string): string {
  return text.replace(UNPRINTABLE, escapeCharacter);
}
