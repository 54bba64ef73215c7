// Requests that servers read in more than one way, over real sockets: refused where a policy looks at what is ambiguous, else passed as sent.
import type http from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALLOWED, DENIED, Lab, statuses } from './proxy-lab.ts';

const NAME = 'api.example.test';
const HOST = `Host: ${NAME}\r\n`;

let lab: Lab;
let reached: string[];
const origin: http.RequestListener = (request, response) => {
  reached.push(`${request.method} ${request.url}`);
  request.resume();
  response.end('reached');
};
beforeEach(() => {
  lab = new Lab();
  reached = [];
});
afterEach(async () => await lab.close());

/** Each is read by some server as another request than the one in the request line. */
const PATHS: readonly (readonly [string, string])[] = [
  ['an escaped slash', '/public%2fadmin'],
  ['an escaped backslash', '/public%5cadmin'],
  ['a backslash', '/public\\admin'],
  ['two slashes', '//admin'],
  ['a parameter', '/admin;x=/public'],
  ['an escaped semicolon', '/admin%3bx'],
  ['NUL', '/admin%00.png'],
  ['an escaped line end', '/admin%0d%0aX:%20y'],
  ['an escape twice', '/%2561dmin'],
  ['an escape of Unicode', '/%u0061dmin'],
  ['overlong UTF-8', '/%c1%a1dmin'],
  ['Latin-1', '/caf%e9'],
  ['half an escape', '/admin%2'],
];
const CLOSE = 'Connection: close\r\n';
const METHODS: readonly (readonly [string, string])[] = [
  [
    'X-HTTP-Method-Override',
    `POST /x HTTP/1.1\r\n${HOST}${CLOSE}X-HTTP-Method-Override: DELETE\r\nContent-Length: 0\r\n\r\n`,
  ],
  ['X-HTTP-Method', `POST /x HTTP/1.1\r\n${HOST}${CLOSE}X-HTTP-Method: delete\r\nContent-Length: 0\r\n\r\n`],
  ['X-Method-Override', `GET /x HTTP/1.1\r\n${HOST}${CLOSE}X-Method-Override: POST\r\n\r\n`],
  ['underscores', `GET /x HTTP/1.1\r\n${HOST}${CLOSE}X_HTTP_METHOD_OVERRIDE: POST\r\n\r\n`],
  [
    'two, the first harmless',
    `POST /x HTTP/1.1\r\n${HOST}${CLOSE}X-HTTP-Method: POST\r\nX-HTTP-Method: PUT\r\nContent-Length: 0\r\n\r\n`,
  ],
  ['_method', `POST /x?_method=DELETE HTTP/1.1\r\n${HOST}${CLOSE}Content-Length: 0\r\n\r\n`],
  ['_method, encoded', `POST /x?a=b&%5Fmethod=%44ELETE HTTP/1.1\r\n${HOST}${CLOSE}Content-Length: 0\r\n\r\n`],
  ['small letters', `delete /x HTTP/1.1\r\n${HOST}${CLOSE}\r\n`],
];

describe('requests that servers read in more than one way', () => {
  const ask = async (bytes: string): Promise<readonly number[]> => {
    await lab.httpOrigin(NAME, origin);
    return statuses(await lab.speak(await lab.dialledName(NAME, 80), [bytes]));
  };
  const get = (path: string, field = ''): string => `GET ${path} HTTP/1.1\r\n${HOST}${field}${CLOSE}\r\n`;
  const reading = async (reads: { readonly path: boolean; readonly method: boolean }): Promise<void> => {
    await lab.close();
    lab = new Lab({ reads });
  };

  it.each(PATHS)('refuses a path with %s where a policy looks at paths, and says why', async (_, path) => {
    await reading({ path: true, method: false });
    await lab.httpOrigin(NAME, origin);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [get(path)]);
    expect(statuses(answer)).toEqual([400]);
    expect(answer).toContain(`looks at the paths of ${NAME}`);
    expect(reached).toEqual([]);
    expect(lab.events).toMatchObject([
      { action: 'HttpRequest', effect: 'deny', enforced: true, policies: [], detail: { status: 400 } },
    ]);
  });

  it.each(PATHS)('passes a path with %s as it was sent where none does', async (_, path) => {
    expect(await ask(get(path))).toEqual([200]);
    expect(reached).toEqual([`GET ${path}`]);
  });

  it.each([
    ['/%61dmin', '/admin'],
    ['/adm%69n/', '/admin/'],
    ['/%40scope/x%2e', '/@scope/x.'],
    ['/a|b', '/a%7Cb'],
  ])('judges %s as %s, and sends it on as it came', async (sent, judged) => {
    await reading({ path: true, method: true });
    const paths: string[] = [];
    lab.decide = (request) => {
      if (request.action === 'HttpRequest') paths.push(`${request.path} ${request.query}`);
      return ALLOWED;
    };
    expect(await ask(get(`${sent}?%61=%2f`))).toEqual([200]);
    expect(paths).toEqual([`${judged} %61=%2f`]);
    expect(reached).toEqual([`GET ${sent}?%61=%2f`]);
  });

  it.each(['X-Original-URL: /admin', 'X-Rewrite-URL: /admin', 'X_Original_URL: /admin'])(
    'refuses %s',
    async (field) => {
      await reading({ path: true, method: false });
      expect(await ask(get('/', `${field}\r\n`))).toEqual([400]);
      expect(reached).toEqual([]);
    },
  );

  it.each(METHODS)('refuses another method by %s where a policy looks at methods', async (_, bytes) => {
    await reading({ path: false, method: true });
    expect(await ask(bytes)).toEqual([400]);
    expect(reached).toEqual([]);
    expect(lab.events).toMatchObject([{ effect: 'deny', enforced: true, policies: [] }]);
  });

  it('passes another method where none does, and the same one everywhere', async () => {
    expect(await ask(METHODS[0]?.[1] ?? '')).toEqual([200]);
    await reading({ path: true, method: true });
    expect(await ask(get('/?_method=GET', 'X-HTTP-Method: get\r\n'))).toEqual([200]);
  });

  it('keeps the connection, since where the next request begins is certain', async () => {
    await reading({ path: true, method: true });
    await lab.httpOrigin(NAME, origin);
    const answer = await lab.speak(await lab.dialledName(NAME, 80), [`GET //x HTTP/1.1\r\n${HOST}\r\n`, get('/next')]);
    expect(statuses(answer)).toEqual([400, 200]);
    expect(reached).toEqual(['GET /next']);
  });

  it('refuses a push however it is spelt when the policy permits fetching alone', async () => {
    await reading({ path: true, method: true });
    lab.decide = (request) =>
      request.action !== 'HttpRequest' || request.git?.operation === 'fetch' ? ALLOWED : DENIED;
    await lab.httpOrigin(NAME, origin);
    const port = await lab.dialledName(NAME, 80);
    for (const [target, type] of [
      ['/a.git/git-receive-pack', 'x-git-receive-pack-request'],
      ['/a.git/git%2dreceive-pack', 'x-git-upload-pack-request'],
      ['/a.git/git-upload-pack', 'x-git-receive-pack-request'],
      ['/a.git//git-receive-pack', 'x-git-upload-pack-request'],
      ['/a.git/git-receive-pack;x', 'x-git-upload-pack-request'],
      ['/a.git/git-receive-pack%2f', 'x-git-upload-pack-request'],
      ['/a.git/info/lfs/objects/batch', 'vnd.git-lfs+json'],
    ]) {
      const answer = await lab.speak(port, [
        `POST ${target} HTTP/1.1\r\n${HOST}Content-Type: application/${type}\r\nContent-Length: 4\r\nConnection: close\r\n\r\n0000`,
      ]);
      expect([target, [400, 403].includes(statuses(answer)[0] ?? 0)]).toEqual([target, true]);
    }
    expect(reached).toEqual([]);
    expect(lab.events).toContainEqual(
      expect.objectContaining({ detail: expect.objectContaining({ git: 'push', repository: `${NAME}/a` }) }),
    );
  });
});
