import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Small files of many attacks take minutes each: begun last, they would leave the other worker without work. */
class AttacksFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = (file: TestSpecification): string =>
      [
        file.project.config.sequence.groupOrder,
        file.project.name,
        file.moduleId.includes('/test/battery/') ? 0 : 1,
      ].join();
    return (await super.sort(files)).toSorted((a, b) => order(a).localeCompare(order(b)));
  }
}

/** Alone: engines mount and remove folders below /tmp, which other sandboxes are about to show: bubblewrap would fail; thousands of processes leave others no time. */
const ALONE = [
  'test/integration/scale.test.ts',
  'test/integration/container*.test.ts',
  'test/battery/containers.test.ts',
  'test/e2e/container*.test.ts',
];
const UNIT = ['test/unit/**/*.test.ts'];
/** Breaks the Cedar library on purpose: files that come after it in the same process would meet what is left. */
const BREAKING = ['test/unit/policy/check/cedar.test.ts'];
const EXCLUDED = ['**/node_modules/**', 'dist/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Sessions of tests would fight for the one port; tests of the API name one of their own.
    env: { LEASH_LISTEN: '' },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What must come is waited for, however busy the machine is.
    expect: { poll: { timeout: 50_000 } },
    reporters: ['default'],
    sequence: { sequencer: AttacksFirst },
    // Groups run one after the other.
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: UNIT,
          exclude: [...EXCLUDED, ...BREAKING],
          // Modules are loaded once in each worker, not once for each of 400 files: half the time.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'breaking',
          include: BREAKING,
          exclude: EXCLUDED,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'machine',
          include: ['test/**/*.test.ts'],
          exclude: [...EXCLUDED, ...UNIT, ...ALONE],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          exclude: EXCLUDED,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
