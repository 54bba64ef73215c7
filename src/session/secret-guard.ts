// A session's directories in; a Cedar policy that keeps the agent from the secrets around them out.
import { isBelow, wayTo } from '../host/way.ts';
import { cedarString } from '../policy/text/literal.ts';
import { agentCredentials } from '../sandbox/agents/kept.ts';
import { secretPlaces } from '../sandbox/secrets.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Masks are mounts: one over a file falls off when the host replaces the file by rename(2) (d_invalidate(), fs/dcache.c), and what is
 * created later has none. The policy holds for the name. In a private home an agent may have files of these names, and log in for itself.
 * @param copies files of the session's own, which the agent finds where the host has a secret
 */
export function secretGuard(
  workspace: string,
  home: string,
  copies: readonly string[] = [],
  env: Env = process.env,
): string {
  const own = new Set(copies.flatMap((file) => [file, wayTo(file).end]));
  const tokens = agentCredentials(env, home).flatMap((file) => [file, wayTo(file).end]);
  const places = [...new Set([...secretPlaces([home]), ...tokens])].filter(
    (place) =>
      (!isBelow(place, home) || isBelow(place, workspace)) &&
      ![workspace, home].some((inside) => isBelow(inside, place)) &&
      !own.has(place),
  );
  const entities = places.flatMap((place) => [`File::${cedarString(place)}`, `Dir::${cedarString(`${place}/`)}`]);
  return `@id("leash:secrets") @reason("Credentials of this machine and its user stay out of the sandbox.")
forbid(principal, action in Action::"FileOpen", resource) when { resource in [${entities.join(', ')}] };`;
}
