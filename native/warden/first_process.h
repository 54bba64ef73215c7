/* The first process of the agent's pid namespace: when it has ended, nothing is left in there. */
#ifndef WARDEN_FIRST_PROCESS_H
#define WARDEN_FIRST_PROCESS_H

#include <sys/types.h>

/* Called while the agent, a child of the first process, waits for the warden. */
void first_process_hold(pid_t agent);

/* What built the sandbox reports its end before the kernel has ended the rest; waits for that (zap_pid_ns_processes()).
 */
void first_process_await(void);

#endif
