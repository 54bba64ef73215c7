// The real aws-cli, in the sandbox, signs with placeholders; the server sees requests signed with the real key, and checks them.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSignature, sha256, signRequest, statedHash } from '../../src/proxy/secrets/aws-signature.ts';
import { IDENTITIES, type LeashResult, Place, runLeash } from '../fixtures/leash.ts';
import { SecretOrigin } from '../fixtures/secret-origin.ts';
import { unless } from '../fixtures/unless.ts';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const TOKEN = `${'IQoJb3JpZ2luX2VjEXAMPLE'.repeat(12)}//real==`;
const POLICY = `permit(principal, action in [Action::"FileOpen", Action::"ProcessExec", Action::"NetworkConnect", Action::"DnsResolve"], resource);`;
const HOSTS = ['sts.us-east-1.amazonaws.com', 's3.us-east-1.amazonaws.com', 'bucket.s3.us-east-1.amazonaws.com'];
const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::1:user/me</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

const NO_AWS = spawnSync('/usr/bin/aws', ['--version']).status === 0 ? undefined : 'no /usr/bin/aws on this machine';

/** What a server of AWS does: 403 unless the signature is that of the real key. */
class Aws {
  readonly checked: {
    readonly path: string;
    readonly isValid: boolean;
    readonly token: unknown;
    readonly body: string;
  }[] = [];

  readonly answer = (request: IncomingMessage, response: ServerResponse): void => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const { method = '', url: path = '', rawHeaders, headers } = request;
      const fields = rawHeaders.flatMap((name, index) =>
        index % 2 === 0 ? [{ name: name.toLowerCase(), value: rawHeaders[index + 1] ?? '', line: '' }] : [],
      );
      const signature = readSignature(path, fields);
      const isRead = typeof signature === 'object';
      const hash = isRead ? (statedHash(signature, fields) ?? sha256(body)) : '';
      const isKnown = isRead && signature.keyId === KEY_ID;
      const signable = { method, path, host: headers.host ?? '', fields };
      const isValid = isKnown && signRequest(signable, signature, hash, SECRET) === signature.signature;
      const token =
        headers['x-amz-security-token'] ?? new URL(path, 'https://x').searchParams.get('X-Amz-Security-Token');
      this.checked.push({ path, isValid, token, body: body.toString() });
      if (!isValid) response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      else if (headers.host?.startsWith('sts.')) response.setHeader('content-type', 'text/xml').end(IDENTITY);
      else if (method === 'PUT') response.setHeader('etag', '"0"').end();
      else response.setHeader('content-type', 'text/plain').end(`object for ${String(token)}`);
    });
  };
}

describe.each(IDENTITIES)('as %s', unless(NO_AWS), (as) => {
  let place: Place;
  let origin: SecretOrigin;
  let aws: Aws;
  let reached: string[];
  beforeEach(async () => {
    place = new Place(as);
    aws = new Aws();
    origin = new SecretOrigin(aws.answer);
    reached = await origin.listen(...HOSTS);
    place.write(
      `${place.home}/.config/leash/config.toml`,
      '[secrets.aws]\naws = true\nhosts = ["*.amazonaws.com"]\nwildcard = true\n',
      0o600,
    );
  });
  afterEach(() => {
    origin.close();
    place.remove();
  });

  const run = (script: string, more: Readonly<Record<string, string>> = {}): Promise<LeashResult> =>
    runLeash(place, {
      policy: POLICY,
      args: reached,
      env: {
        AWS_ACCESS_KEY_ID: KEY_ID,
        AWS_SECRET_ACCESS_KEY: SECRET,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        ...more,
      },
      command: ['sh', '-c', `export LC_ALL=C.UTF-8 AWS_MAX_ATTEMPTS=1 AWS_EC2_METADATA_DISABLED=true; ${script}; env`],
    });

  function expectClean({ stdout, stderr, events }: LeashResult): void {
    for (const text of [stdout.toString(), stderr, JSON.stringify(events)])
      for (const value of [SECRET, TOKEN, KEY_ID]) expect(text.includes(value)).toBe(false);
  }

  it('a call whose body is not hashed in a header, and one with temporary credentials', async () => {
    const result = await run('/usr/bin/aws sts get-caller-identity', { AWS_SESSION_TOKEN: TOKEN });
    expect(aws.checked).toMatchObject([{ isValid: true, token: TOKEN }]);
    expect(aws.checked[0]?.body).toContain('Action=GetCallerIdentity');
    expect(result.stdout.toString()).toContain('arn:aws:iam::1:user/me');
    expectClean(result);
  });

  it('objects: up, down, and by a presigned URL', async () => {
    const script = `echo content > up.txt; /usr/bin/aws s3 cp up.txt 's3://bucket/a folder/ü+.txt';
      /usr/bin/aws s3api get-object --bucket bucket --key 'a/b' down.txt; cat down.txt;
      curl -sS "$(/usr/bin/aws s3 presign 's3://bucket/c d.txt')"`;
    const result = await run(script, { AWS_SESSION_TOKEN: TOKEN });
    expect(aws.checked.map(({ path, isValid, token }) => [path.split('?')[0], isValid, token === TOKEN])).toEqual([
      ['/a%20folder/%C3%BC%2B.txt', true, true],
      ['/a/b', true, true],
      ['/c%20d.txt', true, true],
    ]);
    expect(result.stdout.toString()).toMatch(/object for \S+/);
    expectClean(result);
  });

  it('to another host, or altered on its way, nothing is signed', async () => {
    const altered = `/usr/bin/aws s3 presign s3://bucket/c.txt | sed 's/c.txt/d.txt/' | xargs curl -sS`;
    const result = await run(
      `${altered}; curl -sS https://bucket.s3.us-east-1.amazonaws.com/ -H "x-note: $AWS_ACCESS_KEY_ID"`,
    );
    expect(result.stdout.toString()).toContain('the signature of the request does not match it');
    expect(result.stdout.toString()).toContain('not in a signature of version 4');
    expect(aws.checked).toEqual([]);
    expectClean(result);
  });
});
