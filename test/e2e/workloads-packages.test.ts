// Two npm packages that come with their own tests: the same tests pass and fail, outside and inside.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { IDENTITIES, Place } from '../fixtures/leash.ts';
import { unless } from '../fixtures/unless.ts';
import { isHidden, runBoth, UNSEEN, type Workload } from '../fixtures/workload.ts';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Name and verdict of each test, from vitest's report. */
const VERDICTS = `for (const { name, status, assertionResults } of JSON.parse(fs.readFileSync("report")).testResults.sort((a, b) => (a.name < b.name ? -1 : 1)))
  for (const test of [{ fullName: "", status }, ...assertionResults]) console.log(path.basename(name), test.fullName, test.status);`;

const packages: readonly (Workload & { readonly atLeast: number })[] = [
  {
    name: 'pump: streams of real files and devices',
    script: `cp -rL ${MODULES}/pump ${MODULES}/end-of-stream ${MODULES}/once ${MODULES}/wrappy .; mkdir node_modules; mv end-of-stream once wrappy node_modules/; node pump/test-node.js`,
    atLeast: 1,
  },
  {
    name: 'zod: sixty files of tests under vitest',
    files: {
      'vitest.config.mjs':
        "export default { cacheDir: 'cache', test: { pool: 'forks', maxWorkers: 2, include: ['node_modules/zod/src/v3/tests/*.test.ts'], exclude: [] } };",
    },
    script: `mkdir node_modules; ln -s ${MODULES}/* node_modules/; rm node_modules/zod; cp -r ${MODULES}/zod node_modules/zod
      node node_modules/vitest/vitest.mjs run --reporter=json --outputFile=report >/dev/null 2>&1 || echo status $?; node -e '${VERDICTS}'; rm -rf node_modules cache report`,
    atLeast: 300,
  },
];

const reason = isHidden(MODULES) ? UNSEEN : undefined;

for (const { atLeast, ...workload } of packages) {
  it(workload.name, { timeout: 300_000, ...unless(reason) }, async () => {
    const place = new Place(IDENTITIES.at(-1));
    try {
      const { outside, inside } = await runBoth(place, workload);
      expect(inside).toEqual(outside);
      expect(outside.status).toBe(0);
      expect(outside.stdout.split('\n').filter((line) => /pass(ed|es)$/.test(line)).length).toBeGreaterThanOrEqual(
        atLeast,
      );
    } finally {
      place.remove();
    }
  });
}
