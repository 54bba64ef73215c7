// Keys that readers without regard to case take for others are found.
import { expect, test } from 'vitest';
import { misspelled, spellingsOf } from '../../../src/mcp/folded-key.ts';

const NAMES = spellingsOf(['params', 'id', 'taskId']);

test.each([
  [['Params'], ['Params', 'params']],
  [
    ['x', 'ID'],
    ['ID', 'id'],
  ],
  [['param\u017f'], ['param\u017f', 'params']],
  [['tas\u212aId'], ['tas\u212aId', 'taskId']],
  [['TASKID'], ['TASKID', 'taskId']],
])('%j', (keys, found) => {
  expect(misspelled(keys, NAMES)).toEqual(found);
});

test('exact names and other keys are none', () => {
  expect(misspelled(['params', 'id', 'taskId', 'par\u00e4ms', 'task_id', ''], NAMES)).toBeUndefined();
});
