// Beside a manager, in its container: which of its sockets in; what a person's `leash` says there and hears, on standard input and output, out.
import net from 'node:net';
import { createInterface } from 'node:readline';
import { MANAGER_SOCKETS } from '../../sandbox/container/manager.ts';
import { exchange } from '../exchange.ts';
import { type AskingLine, CONNECTED, type ReplyLine } from './relay-words.ts';

const { stdin, stdout } = process;

/** Bytes as they are, after a line that says whether there is anybody. */
function carryGate(): void {
  const socket = net.connect(`${MANAGER_SOCKETS}/gate.sock`);
  let isConnected = false;
  socket.once('connect', () => {
    isConnected = true;
    stdout.write(`${CONNECTED}\n`);
    stdin.pipe(socket);
    socket.pipe(stdout);
  });
  socket.once('error', ({ code }: NodeJS.ErrnoException) => {
    if (!isConnected) stdout.write(`${code}\n`);
  });
  socket.once('close', () => stdin.destroy());
}

async function replyTo({ id, asking }: AskingLine): Promise<ReplyLine> {
  try {
    return { id, reply: await exchange(`${MANAGER_SOCKETS}/door.sock`, asking) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { id, code, message };
  }
}

/** Requests, each a line, answered in any order. */
function carryDoor(): void {
  createInterface(stdin).on('line', (line) => {
    void replyTo(JSON.parse(line) as AskingLine).then((reply) => stdout.write(`${JSON.stringify(reply)}\n`));
  });
}

// Who started it is gone.
stdout.on('error', () => process.exit());
if (process.argv[2] === 'gate') carryGate();
else carryDoor();
