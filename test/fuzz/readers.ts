// `npm run fuzz:readers -- [--inputs N] [--seed S] [--of WORD]`: N damaged inputs for each reader of foreign bytes in TypeScript whose name holds WORD; status 1
// at the first fault.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ByteFuzzer } from './bytes.ts';
import { readDns } from './reader-dns.ts';
import { readBody, readHead, readRecords, readTls } from './reader-invariants.ts';
import { readMcpEvents, readMcpLines, readMcpMessage } from './reader-mcp.ts';
import { readModelAnswer, readModelBody } from './reader-model.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    of: { type: 'string', default: '' },
  },
});
const inputs = Number(values.inputs);
// A different seed each day finds more in time; the one used is printed.
const seed = Number(values.seed ?? Math.floor(Date.now() / 86_400_000));
if (!Number.isSafeInteger(inputs) || inputs < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz:readers -- [--inputs N] [--seed S] [--of WORD], N and S whole numbers');
  process.exit(2);
}

/** Each throws when what it reads breaks a promise; what it returns says what became of the input. */
const READERS: Readonly<Record<string, (fuzzer: ByteFuzzer) => string>> = {
  'records of the warden': readRecords,
  'client hellos': readTls,
  'HTTP heads': readHead,
  'HTTP bodies': readBody,
  'DNS queries': readDns,
  'requests to models': readModelBody,
  'answers of models': readModelAnswer,
  'messages of MCP': readMcpMessage,
  'events of MCP': readMcpEvents,
  'lines of MCP': readMcpLines,
};

const failed: string[] = [];
for (const [name, read] of Object.entries(READERS).filter(([name]) => name.includes(values.of))) {
  const outcomes = new Map<string, number>();
  for (let input = 0; input < inputs; input++) {
    try {
      const outcome = read(new ByteFuzzer(seed * 0x1_0000 + input));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    } catch (error) {
      console.log(`${name}: input ${input} of seed ${seed}:`, error);
      failed.push(`${name}: input ${input} of seed ${seed}: ${String(error)}`);
      break;
    }
  }
  const counts = [...outcomes].sort().map(([outcome, count]) => `${count} ${outcome}`);
  console.log(`${name}: ${inputs} inputs from seed ${seed}: ${counts.join(', ')}`);
}
const count = process.env['TEST_COUNT'];
const passed = Object.keys(READERS).length - failed.length;
if (count !== undefined) writeFileSync(count, JSON.stringify({ passed, failed, skipped: [] }));
process.exitCode = failed.length === 0 ? 0 : 1;
