// The thread of background.ts: policy texts in, compiled sets or faults out. It keeps what it knows of statements between texts.
import { parentPort, workerData } from 'node:worker_threads';
import { LeashError } from '../host/errors.ts';
import type { CompileAnswer, CompileOrder } from './background.ts';
import { cedarSchema } from './cedar-schema.ts';
import { GuardedChecker } from './check/check-guarded.ts';
import { compileChecked } from './compile/compile-checked.ts';
import { TableCompiler } from './compile/table.ts';
import type { SessionFacts } from './facts.ts';

const checker = new GuardedChecker(cedarSchema());
const table = new TableCompiler(workerData as SessionFacts);

function answerTo({ id, source, day }: CompileOrder): CompileAnswer {
  try {
    return { id, compiled: compileChecked(table, checker.check(source, day), source.name) };
  } catch (error) {
    if (!(error instanceof LeashError)) throw error;
    const { code, message, details } = error;
    return { id, fault: { code, message, details } };
  }
}

parentPort?.on('message', (order: CompileOrder) => parentPort?.postMessage(answerTo(order)));
