// A policy text and a session's options in, the registries that stand behind the roles it speaks of out.
import { cacheDir } from '../../host/paths.ts';
import { mentionedRoles } from '../../policy/facts.ts';
import { homeOf, type SessionOptions } from '../options.ts';
import { type Resolved, resolveRegistries } from './resolve.ts';

/** Never throws: what is not found is not permitted. */
export async function registriesOf(text: string, options: SessionOptions): Promise<Resolved> {
  const surroundings = { env: options.env, home: homeOf(options), workspace: options.workspace };
  return resolveRegistries(mentionedRoles(text), surroundings, cacheDir(options.env));
}
