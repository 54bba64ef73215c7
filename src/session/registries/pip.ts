// The user's own pip in, the package indexes its configuration names out. Source: pip documentation, "Configuration".
import { askTool } from './ask-tool.ts';
import { registryMember, registryMembers, withoutCredentials } from './member.ts';
import { type Finding, findTool, isInWorkspace, nothing, type Surroundings, toolEnvironment } from './surroundings.ts';

export const PIP_VARIABLES: RegExp = /^PIP_/i;

/** `pip config list` merges the same files, but tells neither the default nor where the default's files are. pip 19.3 and later. */
const QUESTION = `
import json, os
from pip._internal.configuration import Configuration, get_configuration_files
from pip._internal.models.index import PyPI
configuration = Configuration(isolated=False)
configuration.load()
files = [file for kind in get_configuration_files().values() for file in kind]
if os.environ.get("PIP_CONFIG_FILE"):
    files.append(os.environ["PIP_CONFIG_FILE"])
values = {}
for name, value in configuration.items():
    if isinstance(value, dict):
        values.update(value)
    else:
        values[name] = value
print(json.dumps({
    "values": values, "files": files, "index": PyPI.simple_url, "storage": "https://" + PyPI.file_storage_domain,
}))
`;

function named(values: Readonly<Record<string, unknown>>, option: string): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    name.endsWith(`.${option}`) && typeof value === 'string' ? value.split(/\s+/) : [],
  );
}

/** The default index serves its files from another host, which pip itself knows. */
function withStorage(members: readonly string[], index: string, storage: string): readonly string[] {
  const isUsed = members.includes(registryMember(index) ?? '');
  return isUsed ? [...new Set([...members, ...registryMembers([storage])])] : members;
}

export async function pipRegistries(surroundings: Surroundings): Promise<Finding> {
  const python = findTool('python3', surroundings);
  if (python === undefined) return nothing('python3 was not found outside the workspace');
  // Isolated: neither the current folder nor the user's site directory, which may be the workspace, is searched for modules.
  const answer = await askTool(python, ['-I', '-c', QUESTION], toolEnvironment(surroundings, PIP_VARIABLES));
  const { values, files, index, storage } = answer ?? {};
  if (typeof values !== 'object' || values === null || !Array.isArray(files)) {
    return nothing('python3 has no pip that tells its configuration');
  }
  if (files.some((file) => isInWorkspace(String(file), surroundings))) {
    return nothing(
      'the configuration of pip lies in the workspace, where the agent could change it, so it is not used',
    );
  }
  const settings = values as Readonly<Record<string, unknown>>;
  const main = named(settings, 'index-url');
  const indexes = main.length > 0 ? main : [String(index)];
  const extra = named(settings, 'extra-index-url');
  const links = named(settings, 'find-links');
  const bare = (urls: readonly string[]): string => urls.flatMap((url) => withoutCredentials(url) ?? []).join(' ');
  const env = { PIP_INDEX_URL: bare(indexes.slice(-1)), PIP_EXTRA_INDEX_URL: bare(extra), PIP_FIND_LINKS: bare(links) };
  return {
    members: withStorage(registryMembers([...indexes, ...extra, ...links]), String(index), String(storage)),
    files: files.map(String),
    notes: [],
    told: { env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')), files: {} },
  };
}
