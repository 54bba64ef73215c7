import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentPolicy, pagesOf } from '../../../../src/api/hub/pages.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-pages-'));
  mkdirSync(path.join(folder, 'ui/assets'), { recursive: true });
  writeFileSync(path.join(folder, 'ui/index.html'), '<script>1</script>');
  writeFileSync(path.join(folder, 'ui/assets/app.js'), '2');
  writeFileSync(path.join(folder, 'ui/assets/map'), '3');
  writeFileSync(path.join(folder, 'secret.js'), '4');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['/', '<script>1</script>'],
  ['/assets/app.js', '2'],
  // Names without an ending are screens, which the page itself leads to.
  ['/s/20261130-022115-2b9h/live', '<script>1</script>'],
  ['/assets/map', '<script>1</script>'],
  ['/api', undefined],
  ['/api/v2/sessions', undefined],
  ['/../secret.js', undefined],
  ['/assets/../../secret.js', undefined],
  ['/%2e%2e/secret.js', undefined],
  ['/.hidden.js', undefined],
  ['/nothing.js', undefined],
])('%s', async (asked, text) => {
  expect(await (await pagesOf(path.join(folder, 'ui'))(asked))?.text()).toBe(text);
});

test('what stands in the page may run, by its hash, and nothing else of it', () => {
  const policy = contentPolicy(
    '<script type="module" crossorigin>1</script><script src="/a.js"></script><style>b</style>',
  );
  // printf 1 | openssl dgst -sha256 -binary | base64
  expect(policy).toContain("script-src 'self' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=';");
  expect(policy).toContain("style-src 'self' 'sha256-PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=';");
  expect(policy).not.toContain('unsafe');
});
