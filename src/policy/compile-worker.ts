// The thread of background.ts: policy texts in, compiled sets or faults out. It keeps what it knows of statements between texts.
import { parentPort } from 'node:worker_threads';
import { LeashError } from '../host/errors.ts';
import type { CompileAnswer, CompileOrder } from './background.ts';
import { cedarSchema } from './cedar-schema.ts';
import { GuardedChecker } from './check/check-guarded.ts';
import { compileChecked } from './compile/compile-checked.ts';
import { TableCompiler } from './compile/table.ts';
import { SetSender } from './exchange.ts';
import type { SessionFacts } from './facts.ts';

const checker = new GuardedChecker(cedarSchema());
const sender = new SetSender();
let known: { readonly facts: string; readonly table: TableCompiler } | undefined;

/** What is known of statements holds for one session's facts. */
function tableFor(facts: SessionFacts): TableCompiler {
  const key = JSON.stringify(facts);
  if (known?.facts !== key) known = { facts: key, table: new TableCompiler(facts) };
  return known.table;
}

function answerTo({ id, source, facts, day }: CompileOrder): CompileAnswer {
  try {
    const compiled = compileChecked(tableFor(facts), checker.check(source, day), source.name);
    return { id, compiled: sender.write(compiled) };
  } catch (error) {
    if (!(error instanceof LeashError)) throw error;
    const { code, message, details } = error;
    return { id, fault: { code, message, details } };
  }
}

parentPort?.on('message', (order: CompileOrder) => parentPort?.postMessage(answerTo(order)));
