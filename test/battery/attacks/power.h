/* What attacks share that ask the kernel for a power, or act on the neighbour of the sandbox on the host. */
#include "attack.h"
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Says that the kernel gave what was asked for. The status for main(). */
static inline int granted(void)
{
	puts(getenv("POWER"));
	return 0;
}

/* The result of a call whose success is the power itself. */
static inline int power(long result, const char *step)
{
	return result < 0 ? failed(step) : granted();
}

/* The result of a call whose arguments can do no harm, so that a kernel that lets it in answers with another error. */
static inline int reaches_kernel(long result, const char *step)
{
	return result < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS) ? failed(step) : granted();
}

/* In a user namespace of its own anybody may mount; where that is refused, what follows is tried all the same. */
static inline void enter_own_mounts(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		failed("unshare");
}

static inline pid_t neighbour(void)
{
	return atoi(getenv("NEIGHBOUR"));
}

static inline void *neighbours_secret(void)
{
	return (void *)strtoul(getenv("NEIGHBOUR_AT"), NULL, 16);
}

static inline int neighbours_file(void)
{
	return atoi(getenv("NEIGHBOUR_FD"));
}
