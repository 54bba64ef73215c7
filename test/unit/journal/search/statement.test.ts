import { expect, test } from 'vitest';
import { requireSelect } from '../../../../src/journal/search/statement.ts';

test.each([
  'SELECT 1',
  ' select 1 ; ',
  '-- a comment; DELETE\nSELECT 1 /* ; x */ ;-- end',
  'SELECT \';\', ";", [;], `;`',
  "SELECT 'it''s; fine'",
  'WITH x AS (SELECT 1) SELECT * FROM x',
])('%j is taken', (sql) => {
  expect(() => requireSelect(sql)).not.toThrow();
});

test.each([
  '',
  ';',
  'DELETE FROM events',
  'PRAGMA temp_store_directory = 1',
  "ATTACH 'x' AS y",
  "VACUUM INTO 'x'",
  'EXPLAIN SELECT 1',
  'SELECT 1; DELETE FROM events',
  "SELECT ';'; VACUUM INTO 'x'",
  'SELECT 1 /* */; -- c\nSELECT 2',
  '/* SELECT */ DROP TABLE events',
  "-- SELECT\nVACUUM INTO 'x'",
  'SELECT\0 1',
])('%j is refused', (sql) => {
  expect(() => requireSelect(sql)).toThrow(expect.objectContaining({ code: 'LEASH_QUERY' }));
});
