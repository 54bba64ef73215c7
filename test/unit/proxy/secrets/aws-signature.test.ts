import { expect, it } from 'vitest';
import type { Field } from '../../../../src/proxy/http/head.ts';
import {
  readSignature,
  type SignableRequest,
  sha256,
  signRequest,
} from '../../../../src/proxy/secrets/aws-signature.ts';

const fields = (all: Readonly<Record<string, string>>): Field[] =>
  Object.entries(all).map(([name, value]) => ({ name, value, line: `${name}: ${value}` }));

interface Vector {
  readonly request: SignableRequest;
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly time: string;
  readonly hash: string;
  readonly key: string;
  readonly signature: string;
}

const SUITE_KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const S3_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const EMPTY = sha256('');

const VECTORS: Readonly<Record<string, Vector>> = {
  'get-vanilla of the test suite': {
    request: {
      method: 'GET',
      path: '/',
      host: 'example.amazonaws.com',
      fields: fields({ 'x-amz-date': '20150830T123600Z' }),
    },
    scope: '20150830/us-east-1/service/aws4_request',
    signedHeaders: ['host', 'x-amz-date'],
    time: '20150830T123600Z',
    hash: EMPTY,
    key: SUITE_KEY,
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  'ListUsers of the guide to signing': {
    request: {
      method: 'GET',
      path: '/?Action=ListUsers&Version=2010-05-08',
      host: 'iam.amazonaws.com',
      fields: fields({
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-amz-date': '20150830T123600Z',
      }),
    },
    scope: '20150830/us-east-1/iam/aws4_request',
    signedHeaders: ['content-type', 'host', 'x-amz-date'],
    time: '20150830T123600Z',
    hash: EMPTY,
    key: SUITE_KEY,
    signature: '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  },
  'GET object of the S3 guide': {
    request: {
      method: 'GET',
      path: '/test.txt',
      host: 'examplebucket.s3.amazonaws.com',
      fields: fields({ range: 'bytes=0-9', 'x-amz-content-sha256': EMPTY, 'x-amz-date': '20130524T000000Z' }),
    },
    scope: '20130524/us-east-1/s3/aws4_request',
    signedHeaders: ['host', 'range', 'x-amz-content-sha256', 'x-amz-date'],
    time: '20130524T000000Z',
    hash: EMPTY,
    key: S3_KEY,
    signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  'presigned URL of the S3 guide': {
    request: {
      method: 'GET',
      path: '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host',
      host: 'examplebucket.s3.amazonaws.com',
      fields: [],
    },
    scope: '20130524/us-east-1/s3/aws4_request',
    signedHeaders: ['host'],
    time: '20130524T000000Z',
    hash: 'UNSIGNED-PAYLOAD',
    key: S3_KEY,
    signature: 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  },
};

it.each(Object.entries(VECTORS))('signs as AWS documents: %s', (_name, { request, hash, key, signature, ...rest }) => {
  expect(signRequest(request, rest, hash, key)).toBe(signature);
});

const DATE = { 'x-amz-date': '20150830T123600Z' };
const credential = 'Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request';
const written = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${'a'.repeat(64)}`;

it('reads a signature', () => {
  expect(readSignature('/', fields({ authorization: written, ...DATE }))).toEqual({
    kind: 'header',
    keyId: 'AKIDEXAMPLE',
    scope: '20150830/us-east-1/iam/aws4_request',
    signedHeaders: ['host', 'x-amz-date'],
    signature: 'a'.repeat(64),
    time: '20150830T123600Z',
  });
  expect(readSignature('/?a=1', fields({ authorization: 'Bearer x' }))).toBeUndefined();
});

it.each([
  ['version 4A', '/', { authorization: written.replace('HMAC-SHA256', 'ECDSA-P256-SHA256'), ...DATE }],
  ['no time', '/', { authorization: written }],
  ['a host that is not signed', '/', { authorization: written.replace('host;', ''), ...DATE }],
  ['a scope of another shape', '/', { authorization: written.replace('/iam/', '/'), ...DATE }],
  ['both ways', '/?X-Amz-Algorithm=AWS4-HMAC-SHA256', { authorization: written, ...DATE }],
  ['a parameter twice', '/?X-Amz-Algorithm=AWS4-HMAC-SHA256&x-amz-algorithm=x', {}],
  ['half of a presigned URL', '/?X-Amz-Algorithm=AWS4-HMAC-SHA256', {}],
])('does not read %s', (_what, path, all) => {
  expect(readSignature(path, fields(all))).toBe('unsupported');
});
