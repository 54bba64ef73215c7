/* Path resolution on the agent's behalf. The quick way is one openat2(2) beneath the sandbox's root; what it cannot do
 * (the agent's own /proc/self, links of procfs) is walked component by component in walk.c. Either way the caller
 * decides on the object held, by the path the kernel gives that object, never by the string the agent wrote.
 */
#define _GNU_SOURCE
#include "resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base.h"
#include "walk.h"

static int root = -1;

void resolve_open_root(int fd)
{
	object_open();
	root = fd;
	walk_open_root(fd);
}

static int open_beneath(int base, const char *path, uint64_t flags, uint64_t restrictions)
{
	struct open_how how = { .flags = O_CLOEXEC | flags, .resolve = RESOLVE_NO_MAGICLINKS | restrictions };
	long fd;

	/* EAGAIN: a rename or mount went on while `..` was resolved. */
	for (int tries = 0; tries < 16; tries++) {
		fd = syscall(SYS_openat2, base, path, &how, sizeof how);
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

/* Splits `path` into its directory and last component. False when there is no last component ("/", "a/..", "."). */
static bool split(const char *path, char *directory, size_t size, char *name, bool *trailing)
{
	size_t length = strlen(path);

	*trailing = length > 1 && path[length - 1] == '/';
	while (length > 1 && path[length - 1] == '/')
		length--;
	size_t start = length;
	while (start > 0 && path[start - 1] != '/')
		start--;
	size_t n = length - start;
	if (n == 0 || n > NAME_MAX || start + 1 > size)
		return false;
	memcpy(name, path + start, n);
	name[n] = '\0';
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return false;
	memcpy(directory, path, start);
	directory[start] = '\0';
	if (start == 0)
		strcpy(directory, ".");
	return true;
}

/* Parent first, then the name in it: what is created, removed or renamed is an entry of a directory that is held. */
static int resolve_entry(const struct call *c, const char *absolute, unsigned flags, struct object *o)
{
	char directory[PATH_MAX];
	bool trailing;

	if (!split(absolute, directory, sizeof directory, o->name, &trailing))
		return walk(c, absolute, flags, o);
	o->trailing = trailing;
	o->parent = open_beneath(root, directory, O_PATH | O_DIRECTORY, RESOLVE_IN_ROOT);
	if (o->parent < 0)
		return walk(c, absolute, flags, o);
	o->fd = openat(o->parent, o->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (o->fd < 0) {
		if (errno != ENOENT)
			return -errno;
		/* At the root of procfs `self` has no meaning for this process. */
		if (walk_is_procfs(o->parent))
			return walk(c, absolute, flags, o);
		return object_name_beneath(o);
	}
	int error = object_identify(o);
	if (error)
		return error;
	if (S_ISLNK(o->stat.st_mode) && !(flags & RESOLVE_LINK) && !trailing)
		return walk(c, absolute, flags, o);
	return 0;
}

/* The object's name was removed between the steps that led to it: it can no longer be told what was asked for. */
static bool vanished(const struct object *o)
{
	return o->fd >= 0 && o->unnamed && !o->by_descriptor;
}

static int resolve_once(const struct call *c, const char *absolute, unsigned flags, struct object *o)
{
	int error = 0;

	object_clear(o);
	if (flags & RESOLVE_PARENT) {
		error = resolve_entry(c, absolute, flags, o);
	} else {
		o->fd = open_beneath(root, absolute, O_PATH | (flags & RESOLVE_LINK ? O_NOFOLLOW : 0), RESOLVE_IN_ROOT);
		if (o->fd >= 0)
			error = object_identify(o);
		else if (o->fd == -ENOENT || o->fd == -ELOOP || o->fd == -ESRCH || o->fd == -ENAMETOOLONG)
			error = walk(c, absolute, flags, o);
		else
			error = o->fd;
	}
	if (!error && vanished(o))
		error = -ESTALE;
	if (error)
		object_close(o);
	return error;
}

/* From a directory without a name there is still a way up. */
static int resolve_from_removed(const struct call *c, int dirfd, const char *path, unsigned flags, struct object *o)
{
	int base = base_open(c, dirfd);
	int error = base < 0 ? base : walk_from(c, base, path, flags, o);

	if (!error && vanished(o))
		error = -ENOENT;
	if (error)
		object_close(o);
	return error;
}

int resolve(const struct call *c, int dirfd, const char *path, unsigned flags, struct object *o)
{
	char absolute[2 * PATH_MAX];

	object_clear(o);
	if (!*path)
		return flags & RESOLVE_EMPTY && dirfd != AT_FDCWD ? resolve_descriptor(c, dirfd, o)
		       : flags & RESOLVE_EMPTY ? resolve(c, dirfd, ".", flags & ~(unsigned)RESOLVE_EMPTY, o)
					       : -ENOENT;
	int error = base_make_absolute(c, dirfd, path, absolute, sizeof absolute);
	if (error == -ESTALE)
		return resolve_from_removed(c, dirfd, path, flags, o);
	for (int tries = 0; !error && tries < 16; tries++) {
		error = resolve_once(c, absolute, flags, o);
		if (error != -ESTALE)
			return error;
		error = 0;
	}
	return error ? error : -ENOENT;
}

int resolve_open(const struct call *c, int dirfd, const char *path, uint64_t flags, struct object *o)
{
	char absolute[2 * PATH_MAX];

	object_clear(o);
	int error = *path ? base_make_absolute(c, dirfd, path, absolute, sizeof absolute) : -ENOENT;
	if (error)
		return error; /* the general way says the same, or knows better */
	o->fd = open_beneath(root, absolute, flags, RESOLVE_IN_ROOT);
	if (o->fd < 0)
		return o->fd;
	error = object_identify(o);
	if (!error && vanished(o))
		error = -ESTALE; /* the general way tries again */
	if (error)
		object_close(o);
	return error;
}

/* proc_pid_fd(5): the link's mode bits tell how the descriptor was opened. */
bool descriptor_is_path(const struct call *c, int fd)
{
	char link[64];
	struct stat s;

	snprintf(link, sizeof link, "/proc/%d/fd/%d", c->tid, fd);
	return lstat(link, &s) == 0 && !(s.st_mode & (S_IRUSR | S_IWUSR));
}

int resolve_descriptor(const struct call *c, int fd, struct object *o)
{
	char link[64];

	object_clear(o);
	snprintf(link, sizeof link, "/proc/%d/fd/%d", c->tid, fd);
	o->fd = open(link, O_PATH | O_CLOEXEC);
	if (o->fd < 0)
		return -EBADF;
	o->by_descriptor = true;
	int error = object_identify(o);
	if (!error)
		walk_check_name(o);
	else
		object_close(o);
	return error;
}

int resolve_restricted(const struct call *c, int dirfd, const char *path, unsigned flags, uint64_t restrictions,
		       struct object *o)
{
	char absolute[2 * PATH_MAX], directory[PATH_MAX];
	const char *text = path;
	int base = root, own = -1;
	bool trailing;

	object_clear(o);
	if (!*path)
		return -ENOENT;
	/* Without crossing a mount no path leaves the sandbox: its root is the root of one. */
	if (restrictions & (RESOLVE_BENEATH | RESOLVE_IN_ROOT) || (restrictions & RESOLVE_NO_XDEV && *path != '/')) {
		base = own = base_open(c, dirfd);
		if (own < 0)
			return own;
	} else {
		int error = base_make_absolute(c, dirfd, path, absolute, sizeof absolute);
		if (error)
			return error == -ESTALE ? -ENOENT : error;
		text = absolute;
		restrictions |= RESOLVE_IN_ROOT;
	}
	int error = 0;
	if (flags & RESOLVE_PARENT && split(text, directory, sizeof directory, o->name, &trailing)) {
		o->parent = open_beneath(base, directory, O_PATH | O_DIRECTORY, restrictions);
		error = o->parent < 0 ? o->parent : trailing ? -EISDIR : 0; /* asked for by open(2) alone */
	}
	if (!error) {
		o->fd = open_beneath(base, text, O_PATH | (flags & RESOLVE_LINK ? O_NOFOLLOW : 0), restrictions);
		if (o->fd >= 0) {
			o->by_descriptor = own >= 0;
			error = object_identify(o);
			if (!error)
				walk_check_name(o);
			if (!error && o->unnamed)
				error = -EAGAIN; /* as the kernel says when names change meanwhile; openat2(2) */
		} else if (o->fd == -ENOENT && o->parent >= 0) {
			/* A dangling link is not followed here: creation is of the entry itself. */
			error = faccessat(o->parent, o->name, F_OK, AT_SYMLINK_NOFOLLOW) ? object_name_beneath(o)
											 : -ENOENT;
		} else {
			error = o->fd;
		}
	}
	if (own >= 0)
		close(own);
	if (error)
		object_close(o);
	return error;
}
