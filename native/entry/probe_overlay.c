/* Nothing enters, whether the kernel mounts an overlay in a user namespace leaves: tried on a temporary file system
 * that only this process sees. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);
	int error = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return error;
}

/* user_namespaces(7): an ordinary user maps itself, and its group once setgroups(2) is given up. */
static int enter_namespaces(void)
{
	char uids[32], gids[32];
	int error;

	snprintf(uids, sizeof uids, "0 %u 1", geteuid());
	snprintf(gids, sizeof gids, "0 %u 1", getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	error = write_text("/proc/self/setgroups", "deny");
	if (!error)
		error = write_text("/proc/self/uid_map", uids);
	return error ? error : write_text("/proc/self/gid_map", gids);
}

int overlay_probe(struct failure *failure)
{
	static const char *const folders[] = { "/tmp/lower", "/tmp/upper", "/tmp/work", "/tmp/merged" };
	int error = enter_namespaces();

	if (error)
		return failed(failure, error, "making a user namespace");
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mount("tmpfs", "/tmp", "tmpfs", 0, NULL))
		return failed(failure, -errno, "mounting a temporary file system");
	for (unsigned i = 0; i < sizeof folders / sizeof *folders; i++)
		if (mkdir(folders[i], 0700))
			return failed(failure, -errno, "making a folder");
	if (mount("overlay", "/tmp/merged", "overlay", 0,
		  "lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work,userxattr"))
		return failed(failure, -errno, "mounting an overlay");
	return 0;
}
