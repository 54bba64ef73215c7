// `npm run battery:containers -- [NAME-PATTERN] [--jobs N] [--engine NAME] [--elsewhere]` in; every attack written in C, in containers of the
// engines that are here, or of the same reached over TCP with a manager beside the agent, out.
import { parseArgs } from 'node:util';
import { ENGINES, elsewhereMissing, engineMissing, Lab } from '../../fixtures/containers.ts';
import { attacksMatching } from './catalogue.ts';
import { containerGround } from './container-ground.ts';
import { isFailure, type Row, sumLine, TABLE_HEAD, tableLine } from './report.ts';
import { runAttack } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: 'string', default: '1' }, engine: { type: 'string' }, elsewhere: { type: 'boolean' } },
});
const attacks = attacksMatching(new RegExp(positionals[0] ?? '')).filter(({ language }) => language === 'c');
const rows: Row[] = [];
console.log(TABLE_HEAD);
for (const name of ENGINES.filter((known) => values.engine === undefined || values.engine === known)) {
  const missing = values.elsewhere ? elsewhereMissing(name) : engineMissing(name);
  if (missing !== undefined) {
    console.log(`${name}: ${missing}`);
    continue;
  }
  const lab = await (values.elsewhere ? Lab.openElsewhere(name) : Lab.open(name));
  try {
    const ground = containerGround(lab);
    const waiting = [...attacks];
    const work = async (): Promise<void> => {
      for (let attack = waiting.shift(); attack !== undefined; attack = waiting.shift()) {
        const row: Row = { attack, as: 'self', ground, outcome: await runAttack(attack, 'self', ground) };
        rows.push(row);
        console.log(tableLine(row));
      }
    };
    await Promise.all(Array.from({ length: Number(values.jobs) }, work));
  } finally {
    await lab.close();
  }
}
console.log(sumLine(rows));
process.exitCode = rows.some(({ outcome }) => isFailure(outcome)) ? 1 : 0;
