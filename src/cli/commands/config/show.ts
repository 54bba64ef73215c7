// The configuration and the environment in; each setting that holds in a workspace, and where it comes from, out. No value of a variable.
import os from 'node:os';
import type { Config, Placed } from '../../../config/config.ts';
import type { Chosen, Effective } from '../../../config/effective.ts';
import { configFile } from '../../../config/file.ts';
import { EXIT } from '../../../host/errors.ts';
import { type Invocation, lastValue } from '../../command.ts';
import { settingsFor } from '../../settle.ts';
import { printTable } from '../../table.ts';
import { jsonLine, print, printable, say } from '../../terminal.ts';
import { SECRET_VARIABLE } from '../../webhook-settings.ts';
import { runCommand } from '../run.command.ts';

interface Shown {
  readonly setting: string;
  readonly value: string;
  readonly from: string;
}

const HEADINGS = ['SETTING', 'VALUE', 'FROM'] as const;

/** The path of a webhook may be a token. */
function approvalRows(config: Config | undefined): readonly Shown[] {
  const { webhook, secretFile } = config?.approvals ?? {};
  if (config === undefined || webhook === undefined) return [];
  const from = ({ line }: Placed<string>): string => `${config.file}:${line}`;
  return [
    { setting: 'webhook', value: `${new URL(webhook.value).origin}/…`, from: from(webhook) },
    {
      setting: 'webhook secret',
      value: '(not shown)',
      from: secretFile === undefined ? SECRET_VARIABLE : from(secretFile),
    },
  ];
}

function pinRows(config: Config | undefined): readonly Shown[] {
  const { pins } = config?.mcp ?? {};
  if (config === undefined || pins === undefined) return [];
  return [{ setting: 'pins', value: pins, from: `${config.file}:${config.lineOf('mcp', 'pins')}` }];
}

/** What holds, in the words of config.toml where it has some. */
export function shownSettings({ options, envvars, mounts, volumes }: Effective, config?: Config): readonly Shown[] {
  const rows = <T>(kind: string, map: ReadonlyMap<string, Chosen<T>>, text: (value: T) => string): readonly Shown[] =>
    [...map].map(([name, { value, from }]) => ({ setting: `${kind}${name}`, value: text(value), from }));
  return [
    ...rows('', options, (words) => words.join(' ')),
    // May be a credential.
    ...rows('variable ', envvars, () => '(not shown)'),
    ...rows('settings of ', mounts, (isMounted) => (isMounted ? 'mounted for review' : 'not mounted')),
    ...rows('volume ', volumes, ({ place, access }) => `${place}, ${access}`),
    ...approvalRows(config),
    ...pinRows(config),
  ];
}

const cellsOf = ({ setting, value, from }: Shown): readonly string[] => [setting, value, from].map(printable);

/** `leash config show`. @throws {LeashError} LEASH_CONFIG, LEASH_WORKSPACE */
export async function showConfig(invocation: Invocation): Promise<number> {
  const { env } = process;
  const workspace = lastValue(invocation, 'workspace') ?? (env['LEASH_WORKSPACE'] || undefined);
  const asked = { env, home: env['HOME'] || os.homedir(), workspace };
  const found = await settingsFor(runCommand.options, new Map(), asked);
  const rows = shownSettings(found.effective, found.config);
  if (invocation.flags.has('json')) for (const row of rows) await print(jsonLine(row));
  else if (rows.length > 0) await printTable(HEADINGS, rows.map(cellsOf));
  else {
    const why =
      found.config === undefined ? `there is no ${configFile(env)}` : `${configFile(env)} says nothing about it`;
    say(`leash: everything in ${printable(found.workspace)} is at its default: ${printable(why)}.`);
  }
  return EXIT.ok;
}
