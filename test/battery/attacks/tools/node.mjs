// technique: reads and watches the forbidden file by every way that node has
// source: node:fs, node:worker_threads, import()
// success: the content of vault/secret.txt on the output
// control: permissive
// event: FileOpenReadOnly
import { copyFileSync, cpSync, createReadStream, openAsBlob, readFileSync } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

const NAME = 'vault/secret.txt';
const ways = [
  () => readFileSync(NAME, 'latin1'),
  () => readFileSync(new URL(`file://${process.cwd()}/${NAME}`), 'latin1'),
  () => copyFileSync(NAME, 'copy') ?? readFileSync('copy', 'latin1'),
  () => cpSync('vault', 'whole', { recursive: true }) ?? readFileSync('whole/secret.txt', 'latin1'),
  async () => (await open(NAME)).readFile('latin1'),
  async () => (await openAsBlob(NAME)).text(),
  () => createReadStream(NAME).setEncoding('latin1').toArray(),
  () => readdir('vault', { recursive: true }),
  () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(
        `require('worker_threads').parentPort.postMessage(require('fs').readFileSync('${NAME}', 'latin1'))`,
        {
          eval: true,
        },
      );
      worker.once('message', resolve).once('error', reject);
    }),
];
for (const way of ways) {
  try {
    console.log(await way());
  } catch (error) {
    console.log(error.code);
  }
}
