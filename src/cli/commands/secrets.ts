// The user's configuration and environment in, what is bound to which host out, without a value.
import { realpathSync } from 'node:fs';
import os from 'node:os';
import { configFile, readConfig } from '../../config/file.ts';
import { EXIT } from '../../host/errors.ts';
import type { HostPattern, Place } from '../../proxy/secrets/binding.ts';
import { placeText } from '../../proxy/secrets/binding.ts';
import { agentNames } from '../../sandbox/agents/catalog.ts';
import { type ConfiguredSecret, sourceText } from '../../session/secrets/configured.ts';
import { listSecrets } from '../../session/secrets/list.ts';
import type { Invocation } from '../command.ts';
import { printTable } from '../table.ts';
import { jsonLine, print, printable, say } from '../terminal.ts';

const HEADINGS = ['SECRET', 'SOURCE', 'HOSTS', 'PLACE', 'IN THE SANDBOX'] as const;

function hostText({ name, port, allowPlaintext }: HostPattern): string {
  const host = name.includes(':') ? `[${name}]` : name;
  return `${host}:${port}${allowPlaintext === true ? ' (without TLS)' : ''}`;
}

function placesText(places: readonly Place[]): string {
  return places.map(placeText).join(' or ');
}

function row({ name, source, hosts, places, variable }: ConfiguredSecret): readonly string[] {
  const inside = variable === undefined ? 'nothing: it is put in' : `$${variable}`;
  const cells = [name, sourceText(source), hosts.map(hostText).join(', '), placesText(places), inside];
  return cells.map(printable);
}

/** What a program may know of a secret. */
function shown({
  name,
  source,
  hosts,
  places,
  mode,
  variable,
  maxUses,
  isAutomatic = false,
}: ConfiguredSecret): object {
  return { name, source: sourceText(source), hosts, places, mode, variable, maxUses, isAutomatic };
}

/** `leash secrets`. */
export async function secrets(invocation: Invocation): Promise<number> {
  const { env } = process;
  const surroundings = { env, home: env['HOME'] || os.homedir(), workspace: realpathSync('.') };
  const config = await readConfig({ ...surroundings, agents: agentNames() });
  const list = await listSecrets(surroundings, config, {});
  if (invocation.flags.has('json')) for (const secret of list) await print(jsonLine(shown(secret)));
  else if (list.length > 0) await printTable(HEADINGS, list.map(row));
  else say(`leash: there are no secrets; docs/secrets.md says how to write them into ${configFile(env)}.`);
  return EXIT.ok;
}
