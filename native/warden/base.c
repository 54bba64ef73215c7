/* Read from the links of the warden's own procfs. Text suffices where the object found is what counts: a race only
 * chooses which object is judged. */
#define _GNU_SOURCE
#include "base.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resolve.h"
#include "walk.h"

/* The directory a relative path starts from: a link of the warden's own procfs. */
static struct handle base_link(const struct call *c, int dirfd)
{
	struct handle h;

	if (dirfd == AT_FDCWD)
		snprintf(h.path, sizeof h.path, "/proc/%d/cwd", c->tid);
	else
		snprintf(h.path, sizeof h.path, "/proc/%d/fd/%d", c->tid, dirfd);
	return h;
}

int base_open(const struct call *c, int dirfd)
{
	int fd = open(base_link(c, dirfd).path, O_PATH | O_CLOEXEC | O_DIRECTORY);

	return fd >= 0 ? fd : errno == ENOTDIR ? -ENOTDIR : -EBADF;
}

/* The same as text in the agent's view. -ESTALE: it was removed, or looks so. */
static int base_path(const struct call *c, int dirfd, char *base, size_t size)
{
	ssize_t n = readlink(base_link(c, dirfd).path, base, size - 1);

	if (n < 0)
		return dirfd == AT_FDCWD ? -ENOENT : -EBADF;
	base[n] = '\0';
	if (base[0] != '/')
		return -ENOTDIR;
	return object_looks_removed(base, (size_t)n) ? -ESTALE : 0;
}

int base_make_absolute(const struct call *c, int dirfd, const char *path, char *absolute, size_t size)
{
	if (path[0] == '/') {
		if (strlen(path) >= size)
			return -ENAMETOOLONG;
		strcpy(absolute, path);
		return 0;
	}
	int error = base_path(c, dirfd, absolute, size);
	if (error)
		return error;
	size_t base = strlen(absolute), rest = strlen(path);
	if (base + 1 + rest >= size)
		return -ENAMETOOLONG;
	if (base > 1)
		absolute[base++] = '/';
	memcpy(absolute + base, path, rest + 1);
	return 0;
}
