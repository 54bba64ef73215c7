import { expect, test } from 'vitest';
import { checkReference, readImage } from '../../../../src/sandbox/container/image.ts';

const inspected = (changes: object = {}, config: object = {}): string =>
  JSON.stringify([{ Os: 'linux', Architecture: 'amd64', Config: { ...config }, ...changes }]);

test('user and environment; root, and none, where the image says nothing', () => {
  const config = { User: 'node:1000', Env: ['PATH=/bin', 'EMPTY=', 'A=b=c', '=x', 7] };
  expect(readImage('i', inspected({}, config), 'x64')).toEqual({
    name: 'i',
    user: 'node:1000',
    env: { PATH: '/bin', EMPTY: '', A: 'b=c' },
  });
  expect(readImage('i', inspected({ Config: null }), 'x64')).toEqual({ name: 'i', user: '0', env: {} });
});

test('an image for another machine, or that cannot be understood, is refused', () => {
  expect(() => readImage('i', inspected(), 'arm64')).toThrow('the image i is for linux/amd64; this is linux/arm64');
  expect(() => readImage('i', inspected({ Os: 'windows' }), 'x64')).toThrow(/windows/);
  expect(() => readImage('i', '[]')).toThrow(/no image i/);
  expect(() => readImage('i', 'no json')).toThrow(/cannot be read/);
  for (const User of ['--door', 'a b', '-1', 'a:b:c', 7])
    expect(() => readImage('i', inspected({}, { User }), 'x64'), String(User)).toThrow(/user that cannot be one/);
});

test('the name of an image is none of an option', () => {
  for (const name of ['debian', 'localhost/leash/coder:latest', 'r.example:5000/a/b@sha256:0123'])
    expect(checkReference(name)).toBe(name);
  for (const name of ['', '--privileged', '-v', 'a b', 'a\nb', './x', 'a'.repeat(600)])
    expect(() => checkReference(name), name).toThrow(/is not the name of an image/);
});
