// `leash doctor`, as data.
import { EXIT } from '../../host/errors.ts';
import { BACKENDS } from '../../schema/backend.ts';
import type { Command } from '../command.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Say what this machine offers, and how to get what is missing',
  description: [
    'Looks at the kernel and the programs that a session needs, and tries them where that is harmless. Nothing is changed.',
    'A required part that is missing keeps `leash` from starting. A degraded one costs speed or a second line of defence, never correctness.',
  ],
  usage: ['leash doctor [options]'],
  positionals: [],
  options: [
    {
      kind: 'value',
      name: 'backend',
      value: 'NAME',
      choices: BACKENDS,
      fallback: '`LEASH_BACKEND`, else the first that is installed',
      summary: 'Where the agent would run: what only the others need is optional',
    },
    { kind: 'flag', name: 'json', summary: 'One JSON document' },
  ],
  examples: [
    { command: 'leash doctor', effect: 'each capability, its state, and the command that mends it' },
    { command: 'leash doctor --backend podman', effect: 'the same for containers of podman' },
  ],
  exitCodes: [
    { status: String(EXIT.ok), meaning: 'A session can start' },
    { status: String(EXIT.usage), meaning: 'The command line is not understood' },
    { status: String(EXIT.host), meaning: 'A required part is missing' },
  ],
  usageExit: EXIT.usage,
  load: async () => (await import('./doctor.ts')).doctor,
};
