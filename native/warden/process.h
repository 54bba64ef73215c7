/* The processes inside the sandbox: who made a call, and how to reach their descriptors. */
#ifndef WARDEN_PROCESS_H
#define WARDEN_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

struct process {
	pid_t tgid;	 /* as the host sees it */
	uint32_t pid;	 /* as the agent sees it */
	uint32_t parent; /* as the agent sees it */
	uint32_t uid;	 /* inside the sandbox */
	int pidfd;
	unsigned references;
};

/* The process of thread `tid`, announced to the manager at first sight. NULL when it is gone. Give it back with
 * process_put. */
struct process *process_get(pid_t tid);
void process_put(struct process *p);

/* After execve: forgets what was known of the thread that called it and announces the process anew. */
void process_executed(pid_t tid);

/* A descriptor (epoll) that is readable when a known process has ended; then call process_reap. */
int process_events(void);
void process_reap(void);

/* The number of `tid` in the agent's pid namespace, or 0. */
uint32_t process_inner_tid(pid_t tid);

/* The umask of a thread. Source: proc_pid_status(5). */
mode_t process_umask(pid_t tid);

/* A duplicate of descriptor `fd` of the process. A descriptor, or -EBADF, -EPERM. Source: pidfd_getfd(2). */
int process_descriptor(struct process *p, pid_t tid, int fd);

#endif
