import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CedarTrap, findSyntaxErrors, statementToJson } from '../../../../src/policy/check/cedar.ts';

describe('the Cedar library', () => {
  test.each([200, 3000])('is replaced after %i brackets exhausted a stack', (depth) => {
    const deep = `permit(principal, action, resource) when { ${'('.repeat(depth)}true${')'.repeat(depth)} };`;
    expect(() => findSyntaxErrors({ a: deep })).toThrow(CedarTrap);
    expect(findSyntaxErrors({ a: 'permit(principal, action, resource);' })).toEqual([]);
    expect(statementToJson('forbid(principal, action, resource);').effect).toBe('forbid');
  });

  // Without the flag this loop kills Node 20 ("unreachable code" in the deoptimiser).
  test('survives hot loops with the flag that the module sets', async () => {
    const library = createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs');
    const script = `
      require('node:v8').setFlagsFromString('--no-turbo-inline-js-wasm-calls');
      const cedar = require(${JSON.stringify(library)});
      const convert = (i) => cedar.policyToJson('permit(principal, action, resource) when { resource in [Dir::"/w/p' + i + '/"] };').json;
      function run(n) { const all = []; for (let i = 0; i < n; i++) all.push(convert(i)); return all; }
      for (let k = 0; k < 4; k++) run(4000);
      console.log('alive');`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
    expect(stdout).toBe('alive\n');
  });
});
