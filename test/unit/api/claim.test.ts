import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Claim } from '../../../src/api/claim.ts';
import { listenAddress } from '../../../src/api/listen-address.ts';
import { freePort } from '../../fixtures/control.ts';

const claims: Claim[] = [];
afterEach(() => {
  for (const claim of claims.splice(0)) claim.end();
});

async function claimed() {
  const address = listenAddress(String(await freePort()));
  if (address === undefined) throw new Error('no address');
  const claim = await Claim.of(address);
  claims.push(claim);
  return { address, claim };
}

test('of two who claim a port one has it, until it is freed', async () => {
  const { address, claim } = await claimed();
  await expect(Claim.of(address)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  claim.free();
  claims.push(await Claim.of(address));
});

test('who comes is told nothing and held, also when the port is free, until the end', async () => {
  const { address, claim } = await claimed();
  const visitor = net.connect({ host: address.host, port: address.port });
  const end = new Promise((resolve) => visitor.once('close', resolve));
  visitor.on('error', () => undefined); // what it wrote is not read
  let heard = '';
  visitor.on('data', (bytes) => {
    heard += bytes.toString();
  });
  await once(visitor, 'connect');
  visitor.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  claim.free();
  claims.push(await Claim.of(address));
  expect(visitor.destroyed).toBe(false);
  claim.end();
  await end;
  expect(heard).toBe('');
});
