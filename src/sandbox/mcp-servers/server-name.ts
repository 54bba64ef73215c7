// What a configuration calls a server in; a name that can stand in policies, in `mcp:NAME` and on a terminal out.

/** With `mcp:./` before it an event still holds it whole, however much of the event is cut. */
const MOST_LETTERS = 56;
/** What a terminal acts on, what cannot be seen, and halves of characters. */
const UNSPEAKABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** `mcp:./NAME` and `mcp:?NAME` say where a server comes from. */
const LOOKS_LIKE_ORIGIN = /^(?:\.?\/|\?)/;

/** The same, unless it could be taken for something else: to leave such a server out would leave it ungoverned. */
export function serverName(name: string): string {
  const said = name.replace(UNSPEAKABLE, '_').replace(LOOKS_LIKE_ORIGIN, '_');
  // Not a half of a character.
  return said === '' ? '_' : said.slice(0, MOST_LETTERS).replace(/[\ud800-\udbff]$/, '');
}
