import { expect, test } from 'vitest';
import { lineLookup } from '../../../src/config/lines.ts';

const TEXT = `# [leash]
title = """
[leash]
mode = "in a text"
"""
[leash]
mode = "enforce"
'policy' = "x"
[ projects . "/a b" ]
mode = 'record'
[projects."/a b".envvars]
"A" = "1"
[secrets.a]
hosts = ["x",
  "y"]
[[list]]
inline.key = { deep = 1 }
`;

test.each([
  [['leash'], 6],
  [['leash', 'mode'], 7],
  [['leash', 'policy'], 8],
  [['leash', 'missing'], 6],
  [['projects', '/a b', 'mode'], 10],
  [['projects', '/a b', 'envvars', 'A'], 12],
  [['projects'], 9],
  [['secrets', 'a', 'hosts'], 14],
  [['list', 'inline', 'key', 'deep'], 17],
  [['nothing'], 1],
  [[], 1],
])('%j is on line %i', (keys, line) => {
  expect(lineLookup(TEXT)(...keys)).toBe(line);
});

test('lines that end as on Windows count once', () => {
  expect(lineLookup('[leash]\r\nmode = "x"\r\n')('leash', 'mode')).toBe(2);
});

test('odd text has a line, too', () => {
  for (const text of ['', '[', '= 1', '"a', '[a."b]\n"""', '\u0000\n[[\n..'])
    expect(lineLookup(text)('a', 'b')).toBeGreaterThan(0);
});
