// One fuzz process: `{ seed, cases }` messages in, a tally for each out; ends when its parent disconnects.
import { runDifferential } from '../unit/policy/differential.ts';

process.on('message', ({ seed, cases }: { readonly seed: number; readonly cases: number }) => {
  process.send?.(runDifferential(seed, cases));
});
