/* A descriptor table changes only by calls of a task that uses it: the filter refuses ptrace(2), which could make
 * another task do so, and only the warden answers notifications. A task whose call waits here makes none, and no new
 * user of its table either. So the table of a process with one thread stands still, unless an earlier clone(2) gave it
 * to another process. Source: CLONE_FILES in clone(2); clone3 does not exist inside the sandbox.
 */
#define _GNU_SOURCE
#include "descriptor_table.h"

#include <errno.h>
#include <linux/sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>

#include "handlers.h"

/* Links of /proc/PID/task when it holds one thread. Source: proc_task_getattr(), fs/proc/base.c: 2 and one for each. */
#define LINKS_OF_ONE_THREAD 3

/* Set once for the whole session, before the first process can share. */
static atomic_bool shared;

void handle_clone(const struct call *c)
{
	const uint64_t sharing = c->arguments[0] & (CLONE_FILES | CLONE_THREAD);

	/* The filter also sends the calls that would make a namespace. */
	if (sharing != CLONE_FILES || c->arguments[0] & (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
							 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)) {
		call_refuse(c, WIRE_OP_SYSCALL, "clone", EPERM);
		return;
	}
	atomic_store(&shared, true);
	call_continue(c);
}

bool descriptor_table_is_own(const struct call *c)
{
	char path[32];
	struct stat s;

	if (!c->process || atomic_load(&shared))
		return false;
	snprintf(path, sizeof path, "/proc/%d/task", c->process->tgid);
	return stat(path, &s) == 0 && s.st_nlink == LINKS_OF_ONE_THREAD;
}
