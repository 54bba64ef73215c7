/* The processes inside the sandbox: who made a call, and how to reach their descriptors. */
#ifndef WARDEN_PROCESS_H
#define WARDEN_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

#include "line.h"
#include "status.h"

struct process {
	pid_t tgid;	 /* as the host sees it */
	uint32_t pid;	 /* as the agent sees it */
	uint32_t parent; /* as the agent sees it */
	uint32_t uid;	 /* inside the sandbox */
	int pidfd;
	const struct line *executed; /* what the kernel has on record for it */
	const struct line *line;     /* NULL: unknown */
	unsigned references;
	unsigned threads; /* numbers it is known by, its own among them; of thread_table.c alone */
};

/* The process of thread `tid`, announced to the manager at first sight. NULL when it is gone. Give it back with
 * process_put. */
struct process *process_get(pid_t tid);
void process_put(struct process *p);

/* The same where the lock is held: for thread_table.c alone. */
void process_release(struct process *p);

/* The line of the program it runs at this moment, with its content when the policy asks for that. NULL: unknown. Reads
 * the whole file when it was not asked for before. */
const struct line *process_line(struct process *p);

/* After execve, before the first instruction: process `pid` runs the program of `line`. The process, to be announced
 * and given back; NULL when the kernel did not take note of it: the program must not run. */
struct process *process_executed(pid_t pid, const struct line *line);

/* Tells the manager what the process runs. */
void process_announce(const struct process *p);

/* A descriptor (epoll) that is readable when a known process has ended; then call process_reap. */
int process_events(void);
void process_reap(void);

/* A duplicate of descriptor `fd` of the process. A descriptor, or -EBADF, -EPERM. Source: pidfd_getfd(2). */
int process_descriptor(struct process *p, pid_t tid, int fd);

#endif
