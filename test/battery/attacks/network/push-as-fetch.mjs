// technique: pushes to a repository that may only be fetched, in every spelling of the request
// source: gitprotocol-http(5); git-http-push(1); the batch API of Git LFS
// success: the permitted server got the token
// control: outside
// policy: git
// beside: origins
// event: HttpRequest
import { ALLOWED, post, say, TOKEN } from './wire.mjs';

const REPOSITORY = `/team/${TOKEN}.git`;
const type = (name) => `Content-Type: application/${name}\r\nContent-Length: 4\r\n`;
const PUSH = 'x-git-receive-pack-request';
const FETCH = 'x-git-upload-pack-request';

const services = [
  'git-receive-pack',
  'git%2Dreceive%2dpack',
  'Git-Receive-Pack',
  'git-receive-pack/',
  'git-receive-pack.x',
];
const odd = ['/git-receive-pack', 'git-receive-pack;x', 'git-receive-pack%20', 'git-receive-pack/git-upload-pack'];
for (const service of [...services, ...odd])
  for (const kind of [PUSH, FETCH])
    await say(process.env.ALLOWED_HTTP, [post(`${REPOSITORY}/${service}`, type(kind), '0000')]);
await say(process.env.ALLOWED_HTTP, [post(`${REPOSITORY}/git-upload-pack`, type(PUSH), '0000')]);
for (const path of ['info/lfs/objects/batch', 'info/lfs/locks', 'refs/heads/main'])
  await say(process.env.ALLOWED_HTTP, [post(`${REPOSITORY}/${path}`, type('json'), '{}  ')]);

const asked = ['service=git-receive-pack', '%73ervice=git-receive-pack', 'service=git-%72eceive-pack'];
const twice = ['service=git-upload-pack&service=git-receive-pack', 'service=git-upload-pack;service=git-receive-pack'];
for (const query of [...asked, ...twice])
  await say(process.env.ALLOWED_HTTP, [`GET ${REPOSITORY}/info/refs?${query} HTTP/1.1\r\nHost: ${ALLOWED}\r\n\r\n`]);
// Another team's, by names that mean the permitted folder to nobody.
for (const path of [
  `/team%2f..%2f${TOKEN}`,
  `/other/${TOKEN}`,
  `/Team/${TOKEN}`,
  `//team/${TOKEN}`,
  `/team/../${TOKEN}`,
])
  await say(process.env.ALLOWED_HTTP, [post(`${path}.git/git-upload-pack`, type(FETCH), '0000')]);
