import { expect, test } from 'vitest';
import { readSecret, signedHeaders } from '../../../../src/api/webhook/signature.ts';

test('the example of the specification', () => {
  const secret = readSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n');
  if (secret === undefined) throw new Error('it is a secret');
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  expect(signedHeaders(secret, id, '{"test": 2432232314}', 1_614_265_330_999)).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'not base64!', `whsec_${Buffer.alloc(65).toString('base64')}`])(
  '%j is no secret',
  (text) => {
    expect(readSecret(text)).toBeUndefined();
  },
);
