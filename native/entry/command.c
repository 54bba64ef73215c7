/* Finds the command in PATH and becomes it. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* Bytes of the kernel's sigset_t. */
#define KERNEL_SIGSET 8

enum candidate { ABSENT, NOT_EXECUTABLE, EXECUTABLE };

/* Asked before execve, so that the warden sees one execve and not one per candidate. An unreachable directory counts as
 * empty. */
static enum candidate examine(const char *path)
{
	struct stat status;

	if (stat(path, &status) || !S_ISREG(status.st_mode))
		return ABSENT;
	return access(path, X_OK) ? NOT_EXECUTABLE : EXECUTABLE;
}

/* Writes the first executable of that name in PATH to `path`. -ENOENT, or -EACCES when one exists but cannot be
 * executed. */
static int find_in_path(const char *name, char path[PATH_MAX])
{
	const char *directory = getenv("PATH");
	int result = -ENOENT;

	if (!directory)
		directory = DEFAULT_PATH;
	for (;;) {
		size_t length = strcspn(directory, ":");
		/* An empty element is the working directory (execvp(3)). */
		int written = snprintf(path, PATH_MAX, "%.*s%s%s", (int)length, directory, length ? "/" : "./", name);
		enum candidate found = written < PATH_MAX ? examine(path) : ABSENT;
		if (found == EXECUTABLE)
			return 0;
		if (found == NOT_EXECUTABLE)
			result = -EACCES;
		if (!directory[length])
			return result;
		directory += length + 1;
	}
}

/* The raw call also resets the two signals libc keeps for itself. */
static void reset_signals(void)
{
	static const unsigned long default_action[4];
	static const unsigned long none;

	for (int number = 1; number <= 8 * KERNEL_SIGSET; number++)
		syscall(SYS_rt_sigaction, number, default_action, NULL, KERNEL_SIGSET);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, KERNEL_SIGSET);
}

int command_become(char *const argv[], struct failure *failure)
{
	char found[PATH_MAX];
	const char *path = argv[0];

	if (!*path)
		return failed(failure, -ENOENT, "the command is empty");
	if (!strchr(path, '/')) {
		int error = find_in_path(argv[0], found);
		if (error)
			return failed(failure, error, "looking the command up in PATH");
		path = found;
	}
	reset_signals();
	execve(path, argv, environ);
	return failed(failure, -errno, "executing the command");
}
