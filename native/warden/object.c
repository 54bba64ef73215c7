/* What is held: its name in the agent's view, and how to reach it again. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "resolve.h"
#include "walk.h"

static int own_descriptors = -1; /* /proc/self/fd, held: the shortest way to a descriptor's name */

void object_open(void)
{
	own_descriptors = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

struct handle object_handle(int fd)
{
	struct handle h;

	snprintf(h.path, sizeof h.path, "/proc/self/fd/%d", fd);
	return h;
}

/* Leaves the path as it is: clearing kilobytes for each call would cost more than looking the path up. */
void object_clear(struct object *o)
{
	o->fd = o->parent = -1;
	o->name[0] = o->path[0] = '\0';
	o->unnamed = o->by_descriptor = o->trailing = false;
	o->held = 0;
	o->length = 0;
}

void object_close(struct object *o)
{
	if (o->fd >= 0)
		close(o->fd);
	if (o->parent >= 0)
		close(o->parent);
	o->fd = o->parent = -1;
}

bool object_is_mount(const struct object *o)
{
	struct statx status;

	return o->fd >= 0 && !statx(o->fd, "", AT_EMPTY_PATH, 0, &status) &&
	       status.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

ssize_t canonical_path(int fd, char *path, size_t size)
{
	char number[16];

	snprintf(number, sizeof number, "%d", fd);
	ssize_t n = readlinkat(own_descriptors, number, path, size - 1);
	if (n < 0)
		return -errno;
	if ((size_t)n == size - 1)
		return -ENAMETOOLONG;
	path[n] = '\0';
	return n;
}

#define REMOVED " (deleted)"
#define REMOVED_LENGTH (sizeof REMOVED - 1)

bool object_looks_removed(const char *path, size_t length)
{
	return length >= REMOVED_LENGTH && !strcmp(path + length - REMOVED_LENGTH, REMOVED);
}

/* A file that bubblewrap made of bytes and mounted (--ro-bind-data) has no name but that of its mount:
 * /etc/resolv.conf. The kernel calls it removed all the same. Returns the length of the path. */
static ssize_t check_removed(struct object *o, ssize_t n)
{
	char *mark = o->path + n - REMOVED_LENGTH;

	if (o->stat.st_nlink != 0 || !object_looks_removed(o->path, (size_t)n)) {
		walk_check_name(o);
		return n;
	}
	*mark = '\0';
	walk_check_name(o);
	if (!o->unnamed)
		return mark - o->path;
	*mark = REMOVED[0];
	return n;
}

/* Fills path, stat and unnamed from fd. */
int object_identify(struct object *o)
{
	ssize_t n = canonical_path(o->fd, o->path, sizeof o->path - 1);
	if (n < 0)
		return (int)n;
	if (fstat(o->fd, &o->stat))
		return -errno;
	/* A pipe, a socket; or a name that is gone, even if the file has others. */
	if (o->path[0] != '/')
		o->unnamed = true;
	else if (o->stat.st_nlink == 0 || object_looks_removed(o->path, (size_t)n))
		n = check_removed(o, n);
	if (S_ISDIR(o->stat.st_mode) && o->path[n - 1] != '/') {
		o->path[n++] = '/';
		o->path[n] = '\0';
	}
	o->length = (uint32_t)n;
	return 0;
}

/* The full path of `name` in the directory held as `parent`. */
int object_name_beneath(struct object *o)
{
	ssize_t n = canonical_path(o->parent, o->path, PATH_MAX);
	if (n < 0)
		return (int)n;
	size_t name = strlen(o->name);
	if (n > 1)
		o->path[n++] = '/';
	memcpy(o->path + n, o->name, name + 1);
	o->length = (uint32_t)n + (uint32_t)name;
	return 0;
}
