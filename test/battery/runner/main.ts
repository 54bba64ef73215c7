// `npm run battery -- [NAME-PATTERN] [--json] [--seconds N] [--jobs N] [--as root|user]` in; a table of every attack and what became of it out.
import { parseArgs } from 'node:util';
import { IDENTITIES } from '../../fixtures/leash.ts';
import { attacksMatching } from './catalogue.ts';
import { GROUNDS } from './grounds.ts';
import { identityName, isFailure, jsonLine, type Row, sumLine, TABLE_HEAD, tableLine } from './report.ts';
import { runAttack } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    seconds: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    as: { type: 'string' },
  },
});

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) {
    console.error(`battery: --${name} ${text}: give a whole number from 1 to 9999`);
    process.exit(2);
  }
  return Number(text);
}

const seconds = values.seconds === undefined ? undefined : count('seconds', values.seconds);
const identities = IDENTITIES.filter((as) => values.as === undefined || identityName(as) === values.as);
if (identities.length === 0) {
  console.error(`battery: --as ${values.as}: give root or user; only root can become another`);
  process.exit(2);
}
const attacks = attacksMatching(new RegExp(positionals[0] ?? ''));
if (attacks.length === 0) {
  console.error(`battery: no attack matches ${positionals[0]}; names are AREA/NAME, as in test/battery/attacks`);
  process.exit(2);
}

const waiting = attacks.flatMap((attack) =>
  identities.flatMap((as) => GROUNDS.map((ground) => ({ attack, as, ground }))),
);
const rows: Row[] = [];

async function work(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const row = { ...next, outcome: await runAttack(next.attack, next.as, next.ground, { seconds }) };
    rows.push(row);
    console.log(values.json ? jsonLine(row) : tableLine(row));
  }
}

if (!values.json) console.log(TABLE_HEAD);
await Promise.all(Array.from({ length: count('jobs', values.jobs) }, work));
console[values.json ? 'error' : 'log'](sumLine(rows));
process.exitCode = rows.some(({ outcome }) => isFailure(outcome)) ? 1 : 0;
