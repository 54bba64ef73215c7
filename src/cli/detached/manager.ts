// The command line of an agent that is left alone in; the session to its end. Started by `leash -d`, in a process group of its own.
import fs from 'node:fs';
import path from 'node:path';
import { refuseDebugger } from '../../host/debugger.ts';
import { EXIT } from '../../host/errors.ts';
import { runCommand } from '../commands/run.command.ts';
import { run } from '../commands/run.ts';
import { report } from '../failure.ts';
import { parse } from '../parse.ts';
import { settle } from '../settle.ts';
import { BEGUN_DESCRIPTOR, type Charge } from './detach.ts';

/** In the session's folder: what its manager had to say while nobody listened. */
const COMPLAINTS = 'complaints';

function started(session: string, dir: string, { complaints }: Charge): void {
  try {
    fs.renameSync(complaints, path.join(dir, COMPLAINTS));
    fs.writeSync(BEGUN_DESCRIPTOR, `${session}\n`);
    fs.closeSync(BEGUN_DESCRIPTOR);
  } catch (error) {
    // Who asked for it is gone: it must not go on unseen. The sandbox ends with this process.
    process.exit(report(error, runCommand));
  }
}

async function main([charge = '', ...words]: readonly string[]): Promise<void> {
  process.on('uncaughtException', (error) => process.exit(report(error, runCommand)));
  try {
    const { size, complaints } = JSON.parse(charge) as Charge;
    const invocation = parse(runCommand, words[0] === 'run' ? words.slice(1) : words);
    const settled = await settle(runCommand.options, invocation);
    process.exitCode = await run(settled.args, settled, {
      size: size ?? undefined,
      started: (session, dir) => started(session, dir, { size, complaints }),
    });
  } catch (error) {
    process.exit(report(error, runCommand));
  }
}

refuseDebugger();
process.exitCode = EXIT.leash;
void main(process.argv.slice(2));
