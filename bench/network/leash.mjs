// Leash's proxy as it is installed, in a process of its own: requests judged by Cedar, each event journaled.
//
// argv: port and certificate of the origin, `inspect` or `splice`, number of secrets that are put into each request
import { mkdtempSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Decision } from '../../dist/decision/decision.js';
import { openJournal } from '../../dist/journal/writer.js';
import { loadPolicies } from '../../dist/policy/load.js';
import { SyntheticNames } from '../../dist/proxy/names/synthetic-names.js';
import { Proxy as SessionProxy } from '../../dist/proxy/proxy.js';
import { SecretBroker } from '../../dist/proxy/secrets/broker.js';
import { makePlaceholder } from '../../dist/proxy/secrets/placeholder.js';
import { SecretValue } from '../../dist/proxy/secrets/secret-value.js';
import { createSessionCa } from '../../dist/proxy/tls/session-ca.js';

/** That of words.ts. This file is no TypeScript: what tsx makes of closures would be measured, too (keepNames). */
const NAME = 'localhost';

/** One of these rules has to see the requests to NAME. */
const SEEING = `forbid(principal, action == Action::"HttpRequest", resource)
when { context.method == "DELETE" && context.path like "/admin/*" };`;
const POLICY = `permit(principal, action in Action::"NetworkConnect", resource == Host::"${NAME}");
permit(principal, action == Action::"DnsResolve", resource);
forbid(principal, action == Action::"HttpRequest", resource in Host::"*.internal.example");
permit(principal, action == Action::"HttpRequest", resource in Host::"*.example") when { context.method == "GET" };
`;
const FACTS = { agent: 'bench', session: 's', user: 'bench', workspace: '/work', home: '/home/bench', tmp: '/tmp' };
const OWNER = { who: { pid: 2, parent: 1, exe: '/usr/bin/agent' }, program: { exe: '/usr/bin/agent', uid: 1000 } };

const [originPort = '', originCa = '', mode = 'inspect', secrets = '0'] = process.argv.slice(2);
const text = mode === 'splice' ? POLICY : POLICY + SEEING;
const dir = mkdtempSync(path.join(os.tmpdir(), 'leash-bench-journal-'));
const journal = openJournal(
  path.join(dir, 'session'),
  {
    v: 1,
    id: 'bench',
    command: ['agent'],
    workspace: '/work',
    user: 'bench',
    mode: 'enforce',
    engine: 'seccomp',
    backend: 'bubblewrap',
    policy: 'bench.cedar',
    pid: process.pid,
    started: Date.now(),
  },
  {
    onError: (error) => {
      throw error;
    },
  },
);
const decision = new Decision(await loadPolicies({ name: 'bench.cedar', text }, FACTS), 'enforce');
const ca = createSessionCa();
const names = new SyntheticNames();
const address = names.addressOf(NAME, 4) ?? '';
const bindings = Array.from({ length: Number(secrets) }, (_, index) => {
  const value = new SecretValue(`secret-${index}`, `sk-ant-api03-${String(index).padStart(2, '0').repeat(47)}`);
  const place = { kind: 'header', name: `x-key-${index}`, format: '{}' };
  const placeholder = makePlaceholder(value.reveal());
  const hosts = [{ name: NAME, port: 443 }];
  return { name: value.name, hosts, places: [place], mode: 'inject', placeholder, value: () => value };
});
const broker = {
  bindings,
  decide: () => ({ effect: 'allow', policies: [], enforced: true, epoch: 1 }),
  alert: () => {},
};
const proxy = new SessionProxy({
  names,
  ca: () => ca,
  decide: (request) => decision.decide(request),
  mayConnect: () => true,
  emit: (event) => journal.append(event),
  splices: (request) => decision.set.handlingOf(request) !== 'inspect',
  who: async () => OWNER,
  brokers: async () => (bindings.length === 0 ? [] : [new SecretBroker(broker)]),
  upstream: { resolveOverrides: new Map([[NAME, { address: '127.0.0.1', port: Number(originPort) }]]), ca: [originCa] },
  destinationOf: () => ({ address, port: 443 }),
});
const server = net.createServer();
proxy.serve(server);
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: server.address().port, ca: ca.certificatePem, dir });
});
