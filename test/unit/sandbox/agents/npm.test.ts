// What npm is given of the caller's environment.
import path from 'node:path';
import { expect, test } from 'vitest';
import { npmEnvironment } from '../../../../src/sandbox/agents/npm.ts';

test('keeps what leads to the registry and drops everything else', () => {
  const kept = npmEnvironment({
    PATH: '/opt/bin',
    HOME: '/home/somebody',
    HTTPS_PROXY: 'http://proxy.example:3128',
    npm_config_registry: 'http://127.0.0.1:4873/',
    npm_config_prefix: '/somewhere',
    npm_lifecycle_event: 'test',
    NODE_OPTIONS: '--require /tmp/evil.js',
    ANTHROPIC_API_KEY: 'secret',
    EMPTY: undefined,
  });
  expect(kept).toEqual({
    PATH: `${path.dirname(process.execPath)}:/opt/bin`,
    HOME: '/home/somebody',
    HTTPS_PROXY: 'http://proxy.example:3128',
    npm_config_registry: 'http://127.0.0.1:4873/',
  });
});

test('has a PATH even when the caller has none', () => {
  expect(npmEnvironment({})['PATH']).toBe(`${path.dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`);
});
