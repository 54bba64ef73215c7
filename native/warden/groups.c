/* Groups are made and limited by the manager, and joined by the sandbox's first process before it executes anything.
 * Neither the warden nor the manager is in one: a limit that the agent meets must not stop who watches it. Source:
 * cgroups(7).
 */
#define _GNU_SOURCE
#include "groups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define GROUPS_MAX 4u

static int groups[GROUPS_MAX];
static unsigned count;

int groups_add(const char *path)
{
	if (count == GROUPS_MAX)
		return -E2BIG;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	groups[count++] = fd;
	return 0;
}

int groups_join(pid_t pid)
{
	char text[16];
	int length = snprintf(text, sizeof text, "%d", pid), error = 0;

	while (count) {
		int fd = groups[--count];
		if (!error && write(fd, text, (size_t)length) != length)
			error = -errno;
		close(fd);
	}
	return error;
}
