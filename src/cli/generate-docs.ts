// The reference pages, made from the source: writes docs/reference/, or with `--check` says which page is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hubRoutes } from '../api/hub/hub.ts';
import { openApi } from '../api/hub/openapi.ts';
import { PACKAGE_ROOT } from '../host/paths.ts';
import { schemaToJson } from '../policy/check/cedar.ts';
import { listProfiles } from '../policy/profile.ts';
import { allCommands } from './commands.ts';
import { profileReference } from './profile-reference.ts';
import { apiReference, cliReference, errorReference } from './reference.ts';
import { schemaReference } from './schema-reference.ts';
import { say } from './terminal.ts';

function readPage(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function generate(dir: string, isCheck: boolean): Promise<number> {
  const schema = readFileSync(path.join(PACKAGE_ROOT, 'src/schema/leash.cedarschema'), 'utf8');
  const routes = hubRoutes(AbortSignal.abort(), '');
  const pages = {
    'cli.md': cliReference(await allCommands()),
    'api.md': apiReference(routes),
    'openapi.json': `${JSON.stringify(openApi(routes), undefined, 2)}\n`,
    'errors.md': errorReference(),
    'profiles.md': profileReference(listProfiles()),
    'schema.md': schemaReference(schemaToJson(schema)),
  };
  let status = 0;
  for (const [name, text] of Object.entries(pages)) {
    const file = path.join(dir, name);
    if (readPage(file) === text) continue;
    if (isCheck) {
      say(`${path.relative(PACKAGE_ROOT, file)} is stale: run \`npm run docs\` and commit the result.`);
      status = 1;
    } else {
      mkdirSync(dir, { recursive: true });
      writeFileSync(file, text);
      say(`wrote ${path.relative(PACKAGE_ROOT, file)}`);
    }
  }
  return status;
}

const [, , ...args] = process.argv;
const dir = args.find((word) => !word.startsWith('-')) ?? path.join(PACKAGE_ROOT, 'docs/reference');
process.exitCode = await generate(dir, args.includes('--check'));
