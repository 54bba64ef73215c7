// Attempts to get a forbidden call past the relay of stdio: whichever way a line is read, none is obeyed by a strict or a lenient server.
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { OBEYS, stdioSite } from './mcp-stdio-site.ts';
import { RULES } from './proxy-mcp-site.ts';

const call = (name: string, args: object = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });
const BAD = call('remove');
const GOOD = call('add');
/** A line in two bytes a character, with an end that all see. */
const utf16 = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'utf16le'), Buffer.of(0x0a)]);

const WAYS: readonly (readonly [string, string | Buffer])[] = [
  ['as it is', BAD],
  ['without its end', Buffer.from(BAD)],
  ['white space around it', ` \t ${BAD} \t `],
  ['behind blank lines', `\n\r\n\n${BAD}`],
  ['CRLF', `${BAD}\r`],
  ['a lone CR behind a good one', `${GOOD}\r${BAD}`],
  ['a lone CR within white space of a good one', `${GOOD.slice(0, -1)}\r,"x":${BAD}}`],
  ['CR CR', `\r\r${BAD}\r\r`],
  ['two messages in a line', `${GOOD}${BAD}`],
  ['two with a blank between', `${GOOD} ${BAD}`],
  ['two with NUL between', `${GOOD}\0${BAD}`],
  ['two with NEL between', `${GOOD}\u0085${BAD}`],
  ['two with U+2028 between', `${GOOD}\u2028${BAD}`],
  ['two with a form feed between', `${GOOD}\f${BAD}`],
  ['two with a record separator between', `${GOOD}\x1e${BAD}`],
  ['text before it', `log: ${BAD}`],
  ['text behind it', `${BAD}x`],
  ['a comment', `/**/${BAD}`],
  ['a byte order mark', `\uFEFF${BAD}`],
  ['NUL before it', `\0${BAD}`],
  ['NUL within it', BAD.replace('tools/call', 'tools/call\0')],
  ['UTF-16', utf16(BAD)],
  ['UTF-16 with a mark', utf16(`\uFEFF${BAD}`)],
  ['UTF-32', Buffer.from([...[...BAD].flatMap((c) => [c.charCodeAt(0), 0, 0, 0]), 0x0a])],
  ['broken UTF-8', Buffer.from(`${BAD.replace('"arguments":{}', '"arguments":{"a":"\xff"}')}\n`, 'latin1')],
  ['an overlong name', Buffer.from(`${BAD.replace('remove', '\xc1\xb2emove')}\n`, 'latin1')],
  ['escapes', BAD.replace('remove', '\\u0072emove').replace('tools/call', 'tools\\/call')],
  ['a key twice, the bad one last', GOOD.replace('"name":"add"', '"name":"add","name":"remove"')],
  ['a key twice, the bad one first', GOOD.replace('"name":"add"', '"name":"remove","name":"add"')],
  ['params twice', GOOD.replace('}}', '},"params":{"name":"remove"}}')],
  ['a method twice', BAD.replace('"method"', '"method":"ping","method"')],
  ['a key in another case', GOOD.replace('"name":"add"', '"Name":"remove","name":"add"')],
  ['only a key in another case', BAD.replace('"name"', '"NAME"')],
  ['a method in another case', BAD.replace('"method"', '"Method"')],
  ['params with a long s', GOOD.replace('}}', '},"param\u017f":{"name":"remove"}}')],
  ['no jsonrpc', BAD.replace('"jsonrpc":"2.0",', '')],
  ['another jsonrpc', BAD.replace('2.0', '1.0')],
  ['a number for jsonrpc', BAD.replace('"2.0"', '2.0')],
  ['__proto__', GOOD.replace('"params":', '"__proto__":{"method":"tools/call"},"params":').replace('add', 'remove')],
  ['a batch', `[${GOOD},${BAD.replace('"id":1', '"id":2')}]`],
  ['a batch of a batch', `[[${BAD}]]`],
  ['a batch with one id twice', `[${GOOD},${GOOD}, ${BAD}]`],
  ['an empty batch and a message', `[]${BAD}`],
  ['a notification', BAD.replace('"id":1,', '')],
  ['a huge id', call('remove', {}, 'i'.repeat(100_000))],
  ['an id that is an object', call('remove', {}, { a: 1 })],
  ['an id that is null', call('remove', {}, null)],
  ['an answer that is a request', BAD.replace('}}', '},"result":{}}')],
  [
    'an answer to what was not asked',
    `{"jsonrpc":"2.0","id":9,"result":{"method":"tools/call"},"params":{"name":"remove"}}`,
  ],
  ['deep nesting', call('remove').replace('{}', `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`)],
  ['a line of 40 MB', BAD.replace('{}', `{"a":"${'x'.repeat(40_000_000)}"}`)],
  ['pads of 40 MB, and then it', `${' '.repeat(40_000_000)}${BAD}`],
  ['cut at each byte', Buffer.from(`${BAD}\n`)],
  ['an argument', call('read', { path: '/etc/passwd' })],
  ['an argument twice', call('read').replace('{}', '{"path":"/tmp","path":"/etc/passwd"}')],
  ['an argument in two cases', call('read').replace('{}', '{"path":"/tmp","Path":"/etc/passwd"}')],
  ['arguments that are text', BAD.replace('"arguments":{}', '"arguments":"{}"')],
  ['a method in upper case', BAD.replace('tools/call', 'TOOLS/CALL')],
  ['a method with a blank', BAD.replace('tools/call', 'tools/call ')],
  ['single quotes', BAD.replaceAll('"', "'")],
  ['NaN', BAD.replace('{}', '{"a":NaN}')],
  ['a good one in the making, and then it', `${GOOD.slice(0, 20)}\n${BAD}`],
];

/** [method, tool, arguments] of what a server would obey. */
type Obeyed = readonly [string, string | null, Record<string, unknown> | null];

function isForbidden([, name, given]: Obeyed): boolean {
  return name === 'remove' || /\/etc\//.test(JSON.stringify(given));
}

describe.each(Object.entries(OBEYS))('a server in %s', (_language, command) => {
  it.each(WAYS)('does not obey what is forbidden: %s', async (name, line) => {
    const site = await stdioSite(RULES, { command });
    site.in.resume();
    if (name === 'cut at each byte') for (const byte of line) site.out.write(Buffer.of(byte as number));
    else site.send(line);
    site.send(call('add', {}, 'last'));
    const { text, said } = await site.finish();
    const obeyed = said.split('\n').flatMap((each) => (each === '' ? [] : [JSON.parse(each) as Obeyed]));
    expect(obeyed.filter(isForbidden)).toEqual([]);
    // Nothing of it stops what comes behind its line; without its end, that is part of it.
    if (name !== 'without its end') expect(obeyed).toContainEqual(['tools/call', 'add', {}]);
    for (const each of text.split('\n')) expect(() => each === '' || JSON.parse(each)).not.toThrow();
  });
});

it('both servers obey what is sent to them without a policy that speaks of calls', async () => {
  for (const command of Object.values(OBEYS)) {
    const site = await stdioSite('permit(principal, action, resource);', { command });
    site.send(BAD);
    expect((await site.finish()).said.replaceAll(', ', ',')).toContain('["tools/call","remove"');
  }
});

it('the lenient server reads what the strict one does not', async () => {
  const site = await stdioSite('permit(principal, action, resource);', { command: OBEYS.python });
  for (const line of [`${GOOD}\r${BAD}`, `log: ${BAD}`, utf16(BAD), BAD.replace('"name"', '"NAME"')]) site.send(line);
  const { said } = await site.finish();
  expect(said.replaceAll(', ', ',').split('"tools/call","remove"').length - 1).toBeGreaterThanOrEqual(4);
});
