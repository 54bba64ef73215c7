// A session's directories in; a Cedar policy that keeps the agent from the secrets around them out.
import { secretPlaces } from '../sandbox/secrets.ts';
import { cedarString } from './policy-file.ts';

/**
 * Masks are mounts: one over a file falls off when the host replaces the file by rename(2) (d_invalidate(), fs/dcache.c), and what is
 * created later has none. The policy holds for the name.
 */
export function secretGuard(workspace: string, home: string): string {
  const homes = workspace === home ? [home] : [];
  const holdsOwn = (place: string): boolean => [workspace, home].some((own) => `${own}/`.startsWith(`${place}/`));
  const places = secretPlaces(homes).filter((place) => !holdsOwn(place));
  const entities = places.flatMap((place) => [`File::${cedarString(place)}`, `Dir::${cedarString(`${place}/`)}`]);
  return `@id("leash:secrets") @reason("Credentials of this machine and its user stay out of the sandbox.")
forbid(principal, action in Action::"FileOpen", resource) when { resource in [${entities.join(', ')}] };`;
}
