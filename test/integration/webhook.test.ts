// A session whose policy asks, and a webhook on the loopback: what arrives there is signed, and whoever serves it holds nothing up.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskingSession, eventually } from '../fixtures/asking.ts';
import { eventsOf, IDENTITIES, PERMISSIVE, Place, runLeash, sessionsOf } from '../fixtures/leash.ts';

vi.setConfig({ testTimeout: 180_000 });

const POLICY = `${PERMISSIVE} @id("ask") @ask("May it?") forbid(principal, action == Action::"FileOpenReadOnly", resource) when { resource.name like "notes*" };`;
const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly path: string | undefined;
}

/** A receiver that answers as told; it keeps what it got. */
class Receiver {
  readonly received: Received[] = [];
  readonly #server: http.Server;
  readonly #sockets = new Set<Socket>();

  constructor(answer: (response: http.ServerResponse, count: number) => void) {
    this.#server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        this.received.push({ headers: request.headers, body, path: request.url });
        answer(response, this.received.length);
      });
    });
    this.#server.on('connection', (socket) => this.#sockets.add(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => void this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  first(count = 1): Promise<Received> {
    return eventually(`message ${count} at the webhook`, () => this.received[count - 1]);
  }
}

/** As a receiver does by the specification: the signature of `id.timestamp.body`, compared in constant time. */
function isSigned({ headers, body }: Received): boolean {
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name]),
  );
  const made = createHmac('sha256', KEY).update(`${id}.${timestamp}.${body}`).digest();
  const given = Buffer.from(signature?.replace(/^v1,/, '') ?? '', 'base64');
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isFresh && given.length === made.length && timingSafeEqual(given, made);
}

describe.each(IDENTITIES)('as %s', (as) => {
  let place: Place;
  let session: AskingSession | undefined;
  let receiver: Receiver | undefined;
  beforeEach(() => {
    place = new Place(as);
    place.write('notes.txt', 'text\n');
  });
  afterEach(async () => {
    session?.child.kill('SIGKILL');
    await session?.end;
    session = undefined;
    receiver?.close();
    receiver = undefined;
    place.remove();
  });

  const configure = (port: number, more = ''): void => {
    const text = `[approvals]\nwebhook = "http://127.0.0.1:${port}/hook?token=hush"\n${more}`;
    place.write(path.join(place.home, '.config/leash/config.toml'), text, 0o600);
  };
  const start = async (
    answer: (response: http.ServerResponse, count: number) => void,
    command = ['cat', 'notes.txt'],
  ): Promise<[AskingSession, Receiver]> => {
    receiver = new Receiver(answer);
    configure(await receiver.listen(), 'secret_file = "webhook.secret"\n');
    place.write(path.join(place.home, '.config/leash/webhook.secret'), `${SECRET}\n`, 0o600);
    session = new AskingSession(place, { policy: POLICY, command });
    return [session, receiver];
  };

  it('a question arrives, signed, and is answered as ever', async () => {
    const [it, { received }] = await start((response) => response.end());
    const message = await receiver?.first();
    if (message === undefined) throw new Error('nothing arrived');
    expect(isSigned(message)).toBe(true);
    const question = await it.question();
    const [id] = sessionsOf(place);
    expect(message.headers['webhook-id']).toBe(`${id}-${question.id}`);
    expect(JSON.parse(message.body)).toEqual({
      type: 'question.opened',
      timestamp: new Date(question.opened).toISOString(),
      data: { session: id, question, answer: `/api/v1/sessions/${id}/questions/${question.id}`, missed: 0 },
    });
    await it.approve();
    const { status, stdout, stderr } = await it.end;
    expect([status, stdout.toString(), received.length]).toEqual([0, 'text\n', 1]);
    const journal = JSON.stringify(await eventsOf(place));
    for (const secret of [SECRET, KEY.toString('base64'), 'hush']) expect(stderr + journal).not.toContain(secret);
  });

  it('a receiver that fails at first gets the same message again', async () => {
    const [it, receiving] = await start((response, count) => response.writeHead(count === 1 ? 503 : 204).end());
    const [first, second] = [await receiving.first(), await receiving.first(2)];
    expect([isSigned(first), isSigned(second)]).toEqual([true, true]);
    expect([second.headers['webhook-id'], second.body]).toEqual([first.headers['webhook-id'], first.body]);
    await it.approve();
    const { stderr } = await it.end;
    expect(stderr.match(/approvals webhook/g)).toHaveLength(1);
    expect(stderr).toMatch(/the approvals webhook at 127\.0\.0\.1:\d+ was not reached: it answers 503; /);
  });

  it('a redirect is not followed, and no secret is in what is said of it', async () => {
    const [it, receiving] = await start((response) => response.writeHead(307, { location: '/elsewhere' }).end());
    await receiving.first();
    await it.deny();
    const { stderr } = await it.end;
    expect(stderr).toContain('it answers 307, and redirects are not followed');
    expect(stderr).not.toMatch(/hush|whsec/);
    expect(receiving.received.map(({ path: asked }) => asked)).toEqual(['/hook?token=hush']);
  });

  it.each<[string, (response: http.ServerResponse) => void]>([
    ['hangs', () => undefined],
    [
      'answers without end',
      (response) => {
        const more = (): void => {
          while (!response.destroyed && response.write('x'.repeat(1 << 16)));
          if (!response.destroyed) response.once('drain', more);
        };
        more();
      },
    ],
  ])('a receiver that %s holds up no verdict and no end', async (_what, answer) => {
    place.write('plain.txt', 'plain\n');
    const others = 'cat notes.txt & for n in 1 2 3 4 5 6 7 8; do head -1 plain.txt; done; wait';
    const [it, receiving] = await start(answer, ['sh', '-c', others]);
    await receiving.first();
    await eventually('the others', () => it.stdout.split('plain\n').length === 9 || undefined);
    await it.approve();
    expect((await it.end).stdout.toString()).toContain('text\n');
  });

  it('a webhook without what it is signed with starts nothing', async () => {
    configure(9);
    const none = await runLeash(place, { policy: POLICY, command: ['true'] });
    expect([none.status, none.stderr]).toEqual([
      125,
      expect.stringContaining('give secret_file, or set LEASH_WEBHOOK_SECRET'),
    ]);
    const bad = await runLeash(place, { policy: POLICY, command: ['true'], env: { LEASH_WEBHOOK_SECRET: 'hunter2' } });
    expect([bad.status, bad.stderr]).toEqual([125, expect.not.stringContaining('hunter2')]);
    const file = place.write(path.join(place.home, '.config/leash/webhook.secret'), SECRET, 0o600);
    chmodSync(file, 0o644);
    configure(9, 'secret_file = "webhook.secret"\n');
    const open = await runLeash(place, { policy: POLICY, command: ['true'] });
    expect([open.status, open.stderr]).toEqual([125, expect.stringContaining('others than you may read it')]);
  });

  it('a secret in a variable stays outside', async () => {
    configure(9);
    const env = { LEASH_WEBHOOK_SECRET: SECRET };
    const { status, stdout } = await runLeash(place, { policy: POLICY, command: ['env'], env });
    expect([status, stdout.toString()]).toEqual([0, expect.not.stringContaining('WEBHOOK')]);
  });
});
