// `leash demo`: options in; an agent's work under a policy, and a report of what was allowed and stopped, on standard output out.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { EXIT, LeashError } from '../../host/errors.ts';
import { openReader } from '../../journal/reader.ts';
import { listSessions, type SessionSummary } from '../../journal/session-list.ts';
import type { Event } from '../../schema/event.ts';
import { type Invocation, lastValue } from '../command.ts';
import { chooseAgent } from '../demo/agent-choice.ts';
import { demoAttempts } from '../demo/attempts.ts';
import { findingsOf } from '../demo/findings.ts';
import { DEMO_POLICY, leashArguments, runLeash } from '../demo/launch.ts';
import { startModel } from '../demo/model.ts';
import { createProject, FAULT, type Project, SECRET, sourceFile } from '../demo/project.ts';
import { reportLines } from '../demo/report.ts';
import { demoScript } from '../demo/script.ts';
import { surroundingsOf } from '../demo/surroundings.ts';
import { transcriptLines } from '../demo/transcript.ts';
import { painter, say } from '../terminal.ts';

/** The session that a `leash` process owned. Throws LEASH_SESSION_UNKNOWN. */
function sessionOf(pid: number): SessionSummary {
  const session = listSessions().sessions.find(({ info }) => info.pid === pid);
  if (session === undefined) throw new LeashError('LEASH_SESSION_UNKNOWN', 'the demo left no session');
  return session;
}

async function readEvents(session: SessionSummary): Promise<readonly Event[]> {
  const reader = openReader(session.dir);
  const events: Event[] = [];
  try {
    for await (const { event } of reader.available()) events.push(event);
  } finally {
    await reader.close();
  }
  return events;
}

function isRepaired(project: Project): boolean {
  return readFileSync(sourceFile(project.workspace), 'utf8').includes(FAULT.fixed);
}

/** Runs the agent in `project` and reports. Returns the exit status of the demo. */
async function runDemo(project: Project, wanted: string): Promise<number> {
  const paint = painter(process.stdout);
  const show = (line: string): boolean => process.stdout.write(`${line}\n`);
  const agent = await chooseAgent(wanted, project);
  const attempts = demoAttempts(surroundingsOf(project));
  const model = await startModel(demoScript(project.workspace, attempts));
  try {
    writeFileSync(project.caFile, model.caCertificate);
    show(`${paint('bold', 'agent')}   ${agent.title}`);
    show(`${paint('bold', 'model')}   a script on 127.0.0.1:${model.port}; nothing leaves this machine`);
    show(`${paint('bold', 'policy')}  ${DEMO_POLICY}\n`);
    const { pid, status } = await runLeash(leashArguments(agent, project, model.port), (line) => {
      for (const text of transcriptLines(line, paint)) show(text);
    });
    // Leash has said itself why it did not start.
    if (status >= EXIT.leash && status <= EXIT.notFound) return status;
    const session = sessionOf(pid);
    const findings = findingsOf(attempts, await readEvents(session));
    const result = {
      agentStatus: status,
      isRepaired: isRepaired(project),
      isOutsideIntact: existsSync(project.outsideFile),
      isSecretKept: !model.learned().includes(SECRET),
    };
    for (const line of reportLines(findings, result, session.info.id, paint)) show(line);
    const isExpected = findings.attempts.every((finding) => finding.isExpected);
    return isExpected && status === 0 && result.isRepaired && result.isOutsideIntact && result.isSecretKept
      ? EXIT.ok
      : EXIT.failed;
  } finally {
    model.close();
  }
}

/** `leash demo`. Throws what `leash` itself throws, LEASH_SESSION_UNKNOWN, LEASH_JOURNAL_CORRUPT. */
export async function demo(invocation: Invocation): Promise<number> {
  const project = createProject();
  try {
    return await runDemo(project, lastValue(invocation, 'agent') ?? 'claude');
  } finally {
    if (invocation.flags.has('keep')) say(`leash: the project is in ${project.workspace}`);
    else project.remove();
  }
}
