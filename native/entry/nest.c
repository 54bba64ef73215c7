/* A container in the pid namespace of the manager's container enters; a process in a pid namespace below that one
 * leaves, which sees itself as the first and nothing of the manager. The kernel ends it with the manager's. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* What engines take from a container's /proc. Source: default_linux.go of containers/common, defaults.go of moby/oci.
 */
static const char *const fixed[] = { "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" };
static const char *const hidden[] = {
	"/proc/acpi",	       "/proc/asound",	    "/proc/interrupts", "/proc/kcore",	    "/proc/keys",
	"/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",	"/proc/timer_list", "/proc/timer_stats",
};

static int make_fixed(const char *place)
{
	if (mount(place, place, NULL, MS_BIND | MS_REC, NULL))
		return errno == ENOENT ? 0 : -errno;
	return mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | FLAGS, NULL) ? -errno : 0;
}

/* The engine's own shows the manager's processes. It is taken away, so that nothing is left below the new one. */
static int mount_proc(struct failure *failure)
{
	int error = 0;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return failed(failure, -errno, "making the container's mounts its own (needs CAP_SYS_ADMIN)");
	if (umount2("/proc", MNT_DETACH) || mount("proc", "/proc", "proc", FLAGS, NULL))
		return failed(failure, -errno, "mounting /proc");
	for (unsigned i = 0; i < sizeof fixed / sizeof *fixed && !error; i++)
		error = make_fixed(fixed[i]);
	for (unsigned i = 0; i < sizeof hidden / sizeof *hidden && !error; i++) {
		error = cover_with_nothing(hidden[i]);
		if (error == -ENOENT)
			error = 0;
	}
	return error ? failed(failure, error, "covering what /proc tells of the machine") : 0;
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The engine takes this for the container: it stays until what it started has ended, and then ends the same way. */
static _Noreturn void stay(pid_t child)
{
	struct failure failure;
	sigset_t all;
	int status = 0;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	if (privileges_drop(&failure) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	_exit(status_of(status));
}

int nest(struct failure *failure)
{
	pid_t parent = getpid();

	if (parent == 1)
		return failed(failure, -EINVAL, "sharing the manager's pid namespace");
	if (unshare(CLONE_NEWPID))
		return failed(failure, -errno, "making a pid namespace (needs CAP_SYS_ADMIN)");
	pid_t child = fork();
	if (child < 0)
		return failed(failure, -errno, "starting a process");
	if (child > 0)
		stay(child);
	/* Kept across the capabilities that it gives up later; it becomes nobody else (commit_creds()). */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		return failed(failure, -errno, "ending with the container");
	return mount_proc(failure);
}
