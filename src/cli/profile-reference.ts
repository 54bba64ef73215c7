// The profiles that Leash ships in, their page of the reference in Markdown out.
import type { Profile } from '../policy/profile.ts';

const INTRODUCTION = `<!-- Generated from policies/ by \`npm run docs\`; do not edit. -->

# Profiles

A profile is a Cedar file in \`policies/\` that comes with Leash, and beside it a \`.cases\` file that says what it decides. Without \`--policy\` an agent
that Leash knows runs under the profile of its name, any other command under \`coder\`.

\`\`\`sh
leash claude                                  # the profile claude
leash --policy node,no-secrets claude         # with your npm registry, and without keys
leash --policy strict -- make test            # the workspace, the system's own folders and the model
leash --policy team.cedar,no-network -- make  # your own file, and no network
\`\`\`

A list is the union of its policies, and a forbid outweighs every permit, whichever profile each comes from. Additions join the other profiles in
the list; where there are only additions, the default joins them. A file is the whole policy: name a profile beside it to have that, too.
`;

const ROLES = `
## Package registries

No host of a package registry stands in a profile. \`Host::"@registry/npm"\`, \`Host::"@registry/pip"\` and \`Host::"@registry/cargo"\` are the hosts, with their ports,
that your own configuration names; any policy may use them:

\`\`\`cedar
@id("crates")
permit(principal, action in [Action::"DnsResolve", Action::"NetworkConnect"], resource in Host::"@registry/cargo");
\`\`\`

| role | comes from | without configuration |
| --- | --- | --- |
| npm | \`registry\` and \`@scope:registry\` of your user and global npmrc, and \`npm_config_…\` variables | npm's own default |
| pip | \`index-url\`, \`extra-index-url\` and \`find-links\` of your user, site and global pip.conf, and \`PIP_…\` variables | pip's own default, with the host of its files |
| cargo | \`[registries]\` and \`[source]\` in \`config.toml\` of your cargo home, and \`CARGO_REGISTRIES_…_INDEX\` variables; where a cached index says its crates are | none: cargo's default is built into it. Replace it with a \`[source]\`, or name its hosts in a file of your own |

Files in the workspace never count, not even where your own configuration links to them: the agent could widen its policy by writing one. Package
managers inside are told your registries, without credentials. \`leash doctor\` lists what the roles hold.
`;

function row({ name, isAddition, extends: parents, summary }: Profile): string {
  const kind = isAddition ? 'addition' : 'stands alone';
  const holds = parents.map((parent) =>
    parent === 'model' ? "the model's hosts of the agent's profile" : `\`${parent}\``,
  );
  return `| \`${name}\` | ${kind} | ${holds.join(', ')} | ${summary} |`;
}

/** `docs/reference/profiles.md`. */
export function profileReference(profiles: readonly Profile[]): string {
  const table = ['', '| profile | use | extends | what it is |', '| --- | --- | --- | --- |', ...profiles.map(row), ''];
  return `${INTRODUCTION}${table.join('\n')}${ROLES}`;
}
