// technique: gives the permitted host another port in the request
// source: reference study 5: evil.com:80 is another text than evil.com
// success: the permitted server got the token
// control: outside
// policy: network
// beside: origins
// event: HttpRequest
import { ALLOWED, get, say, TOKEN } from './wire.mjs';

await say(process.env.ALLOWED_HTTP, [get(`/public/${TOKEN}`, `${ALLOWED}:8443`)]);
