// An engine elsewhere in; nothing out, or why its containers' users are not those that Leash means.
import { firstLine } from '../../host/doctor/run-program.ts';
import { LeashError } from '../../host/errors.ts';
import { askEngine, type Engine } from './engine.ts';

const QUESTIONS = {
  docker: ['info', '--format', '{{json .SecurityOptions}}'],
  podman: ['info', '--format', '{{.Host.Security.Rootless}}'],
} as const;

/** An engine without root, or with users of its own, gives the files of the host to others. @throws {LeashError} LEASH_BACKEND */
export async function requireSameUsers(engine: Engine): Promise<void> {
  const { ok, stdout, stderr } = await askEngine(engine, QUESTIONS[engine.name]);
  if (!ok) throw new LeashError('LEASH_BACKEND', `${engine.name} does not answer: ${firstLine(stderr)}`);
  if (/rootless|name=userns|true/.test(stdout))
    throw new LeashError(
      'LEASH_BACKEND',
      `this engine of ${engine.name} runs without root or maps users, which Leash does not know how to use from elsewhere`,
    );
}
