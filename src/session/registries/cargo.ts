// Cargo's home directory in, the registries its configuration names out. Source: The Cargo Book, "Configuration", "Registry Index".
import fs from 'node:fs';
import path from 'node:path';
import { registryMembers } from './member.ts';
import { type Finding, isInWorkspace, nothing, type Surroundings } from './surroundings.ts';
import { TELLS_NOTHING } from './told.ts';

export const CARGO_VARIABLES: RegExp = /^CARGO_(HOME$|REGISTRIES_)/;

type Table = Readonly<Record<string, unknown>>;

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function texts(tables: Table, key: string): readonly string[] {
  return Object.values(tables).flatMap((entry) => {
    const value = table(entry)[key];
    return typeof value === 'string' ? [value] : [];
  });
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function json(text: string | undefined): Table {
  try {
    return table(JSON.parse(text ?? ''));
  } catch {
    return {};
  }
}

/** Where an index says that its crates are downloaded from, as cargo has cached it: `registry/index/HOST-HASH/config.json`. */
function downloads(cargoHome: string, members: readonly string[]): readonly string[] {
  const folder = path.join(cargoHome, 'registry/index');
  const hosts = new Set(members.map((member) => member.replace(/:\d+$/, '')));
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  return names
    .filter((name) => hosts.has(name.replace(/-[0-9a-f]{16}$/, '')))
    .map((name) => json(read(path.join(folder, name, 'config.json'))))
    .flatMap(({ dl, api }) => [dl, api].filter((url) => typeof url === 'string'))
    .map((url) => url.replace(/\{[^}]*\}/g, 'x'));
}

const NO_DEFAULT =
  'the default registry of cargo stands in no configuration; name its hosts in a policy file, or replace it with a [source] in config.toml';

export async function cargoRegistries(surroundings: Surroundings): Promise<Finding> {
  const { env, home } = surroundings;
  const cargoHome = path.resolve(home, env['CARGO_HOME'] || '.cargo');
  // Cargo reads the name without suffix first.
  const files = ['config', 'config.toml'].map((name) => path.join(cargoHome, name));
  if (files.some((file) => isInWorkspace(file, surroundings))) {
    return nothing(
      'the configuration of cargo lies in the workspace, where the agent could change it, so it is not used',
    );
  }
  const { parse } = await import('smol-toml');
  let config: Table;
  try {
    config = parse(files.map(read).find((text) => text !== undefined) ?? '');
  } catch {
    return { ...nothing('the configuration of cargo is not TOML'), files };
  }
  const sources = table(config['source']);
  const indexes = Object.entries(env).flatMap(([name, value]) =>
    /^CARGO_REGISTRIES_.+_INDEX$/.test(name) && value !== undefined ? [value] : [],
  );
  const urls = [...texts(table(config['registries']), 'index'), ...texts(sources, 'registry'), ...indexes];
  const members = registryMembers(urls);
  const isReplaced = typeof table(sources['crates-io'])['replace-with'] === 'string';
  return {
    members: [...new Set([...members, ...registryMembers(downloads(cargoHome, members))])],
    files: [...files, path.join(cargoHome, 'registry/index')],
    notes: isReplaced ? [] : [NO_DEFAULT],
    // Source replacement cannot be told by variables.
    told: TELLS_NOTHING,
  };
}
