import { expect, test } from 'vitest';
import { type ApiRequest, answer } from '../../../src/api/routes.ts';
import { LeashError } from '../../../src/host/errors.ts';
import type { Approver, Ruling } from '../../../src/schema/approval.ts';
import type { PolicyDesk, PolicyEdit } from '../../../src/schema/policy-desk.ts';

const ruled: [string, Ruling][] = [];
const approver: Approver = {
  list: () => [],
  rule: (id, ruling) => {
    if (id === 'unkept') throw new LeashError('LEASH_APPROVALS', 'cannot write it');
    ruled.push([id, ruling]);
    return id === 'k3f9qa';
  },
};
const view = { epoch: 3, name: 'p.cedar', text: 'old', profiles: [], isKept: true };
const edits: PolicyEdit[] = [];
const desk: PolicyDesk = {
  read: () => view,
  whole: (text) => ({ name: 'p.cedar', text: `${text} and more`, guard: 'g' }),
  replace: async (edit) => {
    if (edit.epoch !== 3) throw new LeashError('LEASH_API_CONFLICT', 'epoch 3 is in force', { details: ['d'] });
    edits.push(edit);
    return 4;
  },
};
const served = { approver, desk };
const request = (changes: Partial<ApiRequest> = {}): ApiRequest => ({
  method: 'POST',
  path: '/v1/questions/k3f9qa',
  headers: { 'content-type': 'application/json' },
  body: '{"effect":"allow","scope":"once"}',
  ...changes,
});

test('lists, and takes a word', async () => {
  expect(await answer(request({ method: 'GET', path: '/v1/questions', headers: {}, body: '' }), served)).toEqual({
    status: 200,
    body: { questions: [] },
  });
  ruled.length = 0;
  expect(await answer(request(), served)).toEqual({ status: 200, body: {} });
  expect(ruled).toEqual([['k3f9qa', { effect: 'allow', scope: 'once' }]]);
});

test.each<[string, number, Partial<ApiRequest>]>([
  ['a web page', 403, { headers: { 'content-type': 'application/json', origin: 'http://localhost' } }],
  ['a web page that lists', 403, { method: 'GET', path: '/v1/questions', headers: { origin: 'null' } }],
  ['another type of body', 415, { headers: { 'content-type': 'text/plain' } }],
  ['a form', 415, { headers: {} }],
  ['a body that is no ruling', 400, { body: '{}' }],
  ['an unknown question', 404, { path: '/v1/questions/000000' }],
  ['another path', 404, { path: '/v1/questions/../k3f9qa' }],
  ['an escaped path', 404, { path: '/v1/questions/%6b3f9qa' }],
  ['a query', 404, { path: '/v1/questions/k3f9qa?x' }],
  ['the root', 404, { path: '/' }],
  ['a list by POST', 405, { path: '/v1/questions' }],
  ['a word by GET', 405, { method: 'GET' }],
  ['an edit by POST', 405, { path: '/v1/policy' }],
  ['an edit of a page', 403, { method: 'PUT', path: '/v1/policy', headers: { origin: 'null' } }],
  ['an edit of another type', 415, { method: 'PUT', path: '/v1/policy', headers: {} }],
  ['an edit that is none', 400, { method: 'PUT', path: '/v1/policy' }],
  ['an edit of nothing', 400, { method: 'PUT', path: '/v1/policy', body: 'null' }],
  ['a word that cannot be kept', 500, { path: '/v1/questions/unkept' }],
])('%s gets %d', async (_what, status, changes) => {
  const reply = await answer(request(changes), served);
  expect(reply.status).toBe(status);
  expect(reply.body['error']).toBeTypeOf('string');
});

test('a policy is read, tried and put in force, if it is still the one that was read', async () => {
  const put = (path: string, epoch: number) =>
    answer(request({ method: 'PUT', path, body: JSON.stringify({ text: 'new', keep: true, epoch }) }), served);
  expect(await answer(request({ method: 'GET', path: '/v1/policy', body: '' }), served)).toEqual({
    status: 200,
    body: { policy: view },
  });
  expect(await put('/v1/policy/whole', 0)).toEqual({
    status: 200,
    body: { whole: { name: 'p.cedar', text: 'new and more', guard: 'g' } },
  });
  expect(await put('/v1/policy', 3)).toEqual({ status: 200, body: { epoch: 4 } });
  expect(await put('/v1/policy', 2)).toEqual({
    status: 409,
    body: { error: 'epoch 3 is in force', code: 'LEASH_API_CONFLICT', details: ['d'] },
  });
  expect(edits).toEqual([{ text: 'new', keep: true, epoch: 3 }]);
});
