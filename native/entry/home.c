/* A private folder enters, with what the engine made in it for mounts to stand on; it belongs to the agent's user when
 * this returns. */
#define _GNU_SOURCE
#include "step.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Deeper than that no path of the host's can be named (PATH_MAX). */
#define DEPTH_MAX 2048

/* What is mounted there is the host's, and stays whose it is (openat2(2)). */
static int open_within(int folder, const char *name)
{
	const struct open_how how = { .flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC,
				      .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS };

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof how);
}

/* Takes the descriptor. Folders first, for who is no longer their owner could not look into them. */
static int give(int folder, uid_t uid, gid_t gid, unsigned depth)
{
	DIR *entries = depth < DEPTH_MAX ? fdopendir(folder) : NULL;
	struct dirent *e;
	int error = 0;

	if (!entries) {
		close(folder);
		return -ELOOP;
	}
	while (!error && (e = readdir(entries))) {
		int inner = strcmp(e->d_name, ".") && strcmp(e->d_name, "..") ? open_within(folder, e->d_name) : -1;
		if (inner >= 0)
			error = give(inner, uid, gid, depth + 1);
	}
	if (!error && fchown(folder, uid, gid))
		error = -errno;
	closedir(entries);
	return error;
}

int home_give(const char *home, uid_t uid, gid_t gid)
{
	int folder = open(home, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return folder < 0 ? -errno : give(folder, uid, gid, 0);
}
