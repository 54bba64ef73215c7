// A number in, a policy text of that many policies out: directories, files, exceptions, name patterns and hosts as a careful team lists them.

/** Different patterns never exceed the first 100, however many policies there are: people repeat the same few. */
const NAMES = ['.env', '*.pem', '*.key', 'id_*', '*.tfstate', 'credentials*', '*.kdbx', '.netrc', '*.p12', '*secret*'];

function statement(i: number): string {
  const place = `/srv/team${i % 37}/project${i}`;
  switch (i % 10) {
    case 0:
    case 1:
    case 2:
      return `permit(principal, action in Action::"FileOpen", resource in Dir::"${place}/");`;
    case 3:
    case 4:
      return `permit(principal, action == Action::"FileOpenReadOnly", resource == File::"${place}/config/settings${i % 7}.json");`;
    case 5:
      return `forbid(principal, action in Action::"FileOpenReadWrite", resource in Dir::"${place}/vendor/") unless { resource.ext == "md" };`;
    case 6:
      return `forbid(principal, action, resource in Dir::"${place}/") when { resource.name like "${NAMES[i % NAMES.length]}" };`;
    case 7:
      return `permit(principal, action in Action::"NetworkConnect", resource in Host::"*.team${i}.example:443");`;
    case 8:
      return `permit(principal, action == Action::"ProcessExec", resource in Dir::"${place}/bin/") when { context.argc < 9 };`;
    default:
      return `permit(principal, action in Action::"FileOpen", resource) when { resource.path like "${place}/build${i % 10}/*" && !(resource.ext == "lock") };`;
  }
}

/** Statements, one a line; `@id` on each third, as where people care how a denial names its reason. */
export function generatedPolicies(count: number): string {
  return Array.from({ length: count }, (_, i) => `${i % 3 === 0 ? `@id("p${i}") ` : ''}${statement(i)}\n`).join('');
}
