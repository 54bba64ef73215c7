// MCP's official conformance suite, with Leash between client and server and without: the same result of every check, for each revision of the protocol.
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf, IDENTITIES, leashCommand, Place } from '../fixtures/leash.ts';
import { ALL_JUDGED, type Checks, suiteInside, suiteOutside } from '../fixtures/mcp-conformance.ts';
import { noOfficial, OFFICIAL, OfficialServers } from '../fixtures/mcp-official.ts';
import { unless } from '../fixtures/unless.ts';

/** The host's loopback, seen from a session. */
const LOOPBACK = 'host.leash.internal';
/** Wants a URL of loopback, which in a session is its own. */
const ONLY_OUTSIDE = ['server-dns-rebinding-protection'];
/** How many checks the suite has at least, so that an empty run is no success. */
const REVISIONS = { '2025-03-26': 3, '2025-06-18': 56, '2025-11-25': 80, '2026-07-28': 148 } as const;

const failures = (checks: Checks): string[] =>
  Object.entries(checks).flatMap(([scenario, all]) =>
    all.filter((check) => check.endsWith(' FAILURE')).map((check) => `${scenario}: ${check}`),
  );

let place: Place;
beforeEach(() => {
  place = new Place(IDENTITIES.at(-1));
});
afterEach(() => place.remove());

describe('a server, tested from within a session', unless(noOfficial), () => {
  const servers = new OfficialServers();
  let port = 0;
  beforeAll(async () => {
    port = await servers.start(OFFICIAL.complete(LOOPBACK));
  });
  afterAll(() => servers.stop());

  it.each(Object.entries(REVISIONS))('of revision %s', async (revision, atLeast) => {
    const words = (host: string): string[] => [
      ...['server', '--url', `http://${host}:${port}/mcp`],
      ...['--suite', 'all', '--spec-version', revision],
    ];
    const [outside, inside] = await Promise.all([
      suiteOutside(place, words('localhost')),
      suiteInside(place, words(LOOPBACK)),
    ]);
    const comparable = (checks: Checks): Checks =>
      Object.fromEntries(Object.entries(checks).filter(([scenario]) => !ONLY_OUTSIDE.includes(scenario)));
    expect(comparable(inside.checks)).toEqual(comparable(outside));
    expect(failures(outside)).toEqual([]);
    expect(Object.values(inside.checks).flat().length).toBeGreaterThanOrEqual(atLeast);
    expect(inside.calls.length).toBeGreaterThanOrEqual(3);
  });
});

describe('a server over stdio, started and tested within a session', unless(noOfficial), () => {
  it('of revision 2025-11-25', async () => {
    const revision = '2025-11-25';
    const complete = { command: 'node', args: OFFICIAL.completeOverStdio };
    place.write('.mcp.json', JSON.stringify({ mcpServers: { complete } }));
    const words = ['--suite', 'all', '--spec-version', revision];
    const [outside, inside] = await Promise.all([
      suiteOutside(place, words, OFFICIAL.conformanceOverStdio),
      suiteInside(place, words, OFFICIAL.conformanceOverStdio),
    ]);
    expect(inside.checks).toEqual(outside);
    expect(failures(outside)).toEqual([]);
    expect(Object.values(inside.checks).flat().length).toBeGreaterThanOrEqual(REVISIONS[revision]);
    const ways = inside.calls.map(({ detail }) => `${detail?.['transport']} ${detail?.['via']}`);
    expect(new Set(ways)).toEqual(new Set(['stdio mcp:./complete']));
    expect(ways.length).toBeGreaterThan(50);
  });
});

describe('a client in a session', unless(noOfficial), () => {
  const client = (host: string): string => ['node', ...OFFICIAL.conformanceClient, host].join(' ');
  const FORWARDED = ['SCENARIO', 'PROTOCOL_VERSION', 'CONTEXT'].map((name) => `MCP_CONFORMANCE_${name}`);

  /** A program that runs the client in a session, as the suite runs a client. */
  const throughLeash = (): string => {
    const env = FORWARDED.flatMap((name) => ['-e', name]);
    const words = leashCommand(place, { policy: ALL_JUDGED, args: env, command: ['true'] }).slice(0, -1);
    const quoted = words.slice(place.as === 'user' ? 4 : 0).map((word) => `'${word}'`);
    return place.write(
      path.join(place.root, 'through-leash'),
      `#!/bin/sh\nexec ${quoted.join(' ')} ${client(LOOPBACK)} "$@"\n`,
      0o755,
    );
  };

  it.each([
    ['initialize', '2025-11-25'],
    ['tools_call', '2025-06-18'],
    ['tools_call', '2025-11-25'],
    ['tools_call', '2026-07-28'],
    ['elicitation-sep1034-client-defaults', '2025-11-25'],
    ['sse-retry', '2025-11-25'],
    ['request-metadata', '2026-07-28'],
    ['sep-2322-client-request-state', '2026-07-28'],
    ['http-standard-headers', '2026-07-28'],
    ['http-custom-headers', '2026-07-28'],
    ['http-invalid-tool-headers', '2026-07-28'],
    ['json-schema-ref-no-deref', '2026-07-28'],
    ['json-schema-2020-12-preservation', '2025-11-25'],
    ['json-schema-2020-12-preservation', '2026-07-28'],
  ])('%s of revision %s', async (scenario, revision) => {
    const words = ['client', '--scenario', scenario, '--spec-version', revision];
    const [outside, inside] = await Promise.all(
      [client('localhost'), throughLeash()].map((command) => suiteOutside(place, [...words, '--command', command])),
    );
    expect(inside).toEqual(outside);
    expect(Object.values(outside ?? {}).flat()).not.toEqual([]);
    expect(failures(outside ?? {})).toEqual([]);
    const events = await eventsOf(place);
    expect(events.filter(({ action }) => action === 'McpCall').length).toBeGreaterThan(0);
  });
});
