// Nothing in; a process that SIGUSR1 does not open to whoever can reach a port of this machine's.

/** Node's own answer to the signal is a debugger on a port of loopback, by which every user of the machine could run code as this one. */
export function refuseDebugger(): void {
  process.on('SIGUSR1', () => undefined);
}
