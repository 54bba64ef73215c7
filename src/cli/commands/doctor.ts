// What this machine offers in, a list for a person or a JSON document out.
import os from 'node:os';
import { type Examination, examineHost } from '../../host/doctor/examine.ts';
import { currentFolder, findProgram, outsideEnv } from '../../host/doctor/find-program.ts';
import { type Host, THIS_HOST } from '../../host/doctor/host.ts';
import type { Probe, ProbeState } from '../../host/doctor/probe.ts';
import { EXIT } from '../../host/errors.ts';
import { cacheDir } from '../../host/paths.ts';
import { REGISTRY_ROLES } from '../../policy/facts.ts';
import { chooseBackend } from '../../sandbox/backend.ts';
import { engineHost, podmanOptions } from '../../sandbox/container/engine.ts';
import { BACKENDS, type Backend } from '../../schema/backend.ts';
import { type Invocation, lastValue } from '../command.ts';
import { jsonLine, type Paint, painter, print, printable, type Style } from '../terminal.ts';

const MARKS: Readonly<Record<ProbeState, { readonly glyph: string; readonly style: Style }>> = {
  ok: { glyph: '✓', style: 'green' },
  degraded: { glyph: '!', style: 'yellow' },
  missing: { glyph: '✗', style: 'red' },
  unknown: { glyph: '?', style: 'dim' },
};

function probeLines(probe: Probe, width: number, paint: Paint): readonly string[] {
  const { glyph, style } = MARKS[probe.state];
  // What is optional and absent is no reason to worry.
  const shown = probe.state === 'missing' && !probe.required ? paint('dim', '-') : paint(style, glyph);
  const line = `${shown} ${probe.name.padEnd(width)}  ${printable(probe.detail)}`;
  return probe.fix === undefined ? [line] : [line, paint('dim', `    fix: ${printable(probe.fix)}`)];
}

/** The last line: what `leash` would do. */
export function conclusion({ canStart, engine, backend, refusals, probes }: Examination): string {
  if (!canStart) return `leash would refuse to start; missing: ${refusals.join(', ')}.`;
  const unknown = probes.filter(({ required, state }) => required && state === 'unknown').map(({ id }) => id);
  const rest = unknown.length === 0 ? '' : ` Not known before it starts: ${unknown.join(', ')}.`;
  return `leash would run an agent with the ${engine} engine in ${backend}.${rest}`;
}

/** What `Host::"@registry/…"` holds for a session in the current directory, a line a role. */
async function registryLines(): Promise<readonly string[]> {
  const { resolveRegistries } = await import('../../session/registries/resolve.ts');
  const surroundings = { env: process.env, home: process.env['HOME'] || os.homedir(), workspace: currentFolder() };
  const { registries, notes } = await resolveRegistries(REGISTRY_ROLES, surroundings, cacheDir());
  const members = REGISTRY_ROLES.map((role) => `registries of ${role}: ${registries[role]?.join(', ') || 'none'}`);
  return [...members, ...notes];
}

/** What podman has to be told on this machine, and why; nothing where it is called as it is, or is not there. */
function engineLines(): readonly string[] {
  const host = engineHost(process.env, currentFolder());
  if (findProgram('podman', host.env, host.workspace) === undefined) return [];
  const why = [
    ...(host.hasSystemd ? [] : ['systemd does not run']),
    ...(host.isHybrid ? ['control groups are of both versions, with which crun starts nothing'] : []),
  ];
  return why.length === 0 ? [] : [`podman is called with ${podmanOptions(host).join(' ')}: ${why.join('; ')}`];
}

/** The one that is asked about, or that `leash` would take. */
function backendOf(invocation: Invocation, { env, workspace }: Host): Backend {
  const asked = lastValue(invocation, 'backend') ?? process.env['LEASH_BACKEND'];
  return chooseBackend(
    BACKENDS.find((known) => known === asked),
    env,
    workspace,
  );
}

/** `leash doctor`. */
export async function doctor(invocation: Invocation): Promise<number> {
  const here: Host = { ...THIS_HOST, env: outsideEnv(process.env), workspace: currentFolder() };
  const examination = await examineHost(backendOf(invocation, here), here);
  if (invocation.flags.has('json')) {
    await print(jsonLine(examination));
  } else {
    const paint = painter(process.stdout);
    const width = Math.max(...examination.probes.map(({ name }) => name.length));
    for (const probe of examination.probes) for (const line of probeLines(probe, width, paint)) await print(line);
    for (const line of [...engineLines(), ...(await registryLines())])
      await print(paint('dim', `  ${printable(line)}`));
    await print('');
    await print(conclusion(examination));
  }
  return examination.canStart ? EXIT.ok : EXIT.host;
}
