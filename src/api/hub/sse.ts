// A value in, its server-sent event (WHATWG HTML, section 9.2) out.

/** JSON has no line breaks of its own, so one `data:` line holds it. */
export function sseEvent(name: string, value: unknown, id?: number): string {
  const place = id === undefined ? '' : `id: ${id}\n`;
  return `${place}event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** Says that the stream lives, and nothing else. */
export function sseComment(): string {
  return ':\n\n';
}
