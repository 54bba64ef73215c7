// A process id in; whether there is such a process, of any user, out.

/** Also true for a zombie, and for another process that has the number by now. Source: kill(2), signal 0. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
