import net from 'node:net';
import { expect, test } from 'vitest';
import { listeningPorts, portsOf } from '../../../../src/session/ports/listening.ts';

const row = (local: string, state: string): string =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 1 1 0 100 0 0 10 0`;

test('ports that listen where loopback reaches them, but Leash’s own', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    row('0100007F:0BB8', '0A'),
    row('00000000:0BB9', '0A'),
    row('00000000000000000000000000000000:0BBA', '0A'),
    row('00000000000000000000000001000000:0BBB', '0A'),
    row('0000000000000000FFFF00000100007F:0BBC', '0A'),
    row('00000000:3A99', '0A'), // 15001
    row('01FFFF0A:0BBD', '0A'), // another address
    row('0100007F:0BBE', '01'), // connected
    '',
  ].join('\n');
  expect(listeningPorts(text)).toEqual([3000, 3001, 3002, 3003, 3004]);
});

test('of a process, and of one that is gone', async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  try {
    expect(portsOf(process.pid)).toContain(port);
  } finally {
    server.close();
  }
  expect(portsOf(2 ** 22 + 1)).toEqual(new Set());
});
