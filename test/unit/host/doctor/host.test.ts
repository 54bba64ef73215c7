import { expect, test } from 'vitest';
import { readHostFile, THIS_HOST } from '../../../../src/host/doctor/host.ts';
import { sampleHost } from './sample-host.ts';

test('files are read below the root of the host', () => {
  const host = sampleHost({ files: { 'proc/version': 'recorded' } });
  expect(readHostFile(host, 'proc/version')).toBe('recorded');
  expect(readHostFile(host, 'proc/none')).toBeUndefined();
  expect(readHostFile(THIS_HOST, 'proc/version')).toMatch(/^Linux version /);
});
