/* A file that grows here grows within the limits of this process; those of the agent are looked up. Source:
 * inode_newsize_ok(), fs/attr.c; setrlimit(2), RLIMIT_FSIZE.
 */
#define _GNU_SOURCE
#include "size_limit.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

bool size_is_refused(const struct call *c, off_t size)
{
	struct rlimit limit;

	if (prlimit(c->tid, RLIMIT_FSIZE, NULL, &limit) || limit.rlim_cur == RLIM_INFINITY ||
	    (rlim_t)size <= limit.rlim_cur)
		return false;
	if (c->process)
		syscall(SYS_tgkill, c->process->tgid, c->tid, SIGXFSZ);
	return true;
}
