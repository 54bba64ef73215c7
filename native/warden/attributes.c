/* truncate, chmod, chown, utime and extended attributes: changes to an object that is held. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include "handlers.h"
#include "memory.h"
#include "resolve.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

#define DESCRIPTOR_ONLY 0x40000000 /* the call names no path: fchmod, fchown, fsetxattr … */

struct change {
	enum { TRUNCATE, MODE, OWNER, TIMES, SET_XATTR, REMOVE_XATTR } what;
	int dirfd;
	unsigned path_index;
	int flags; /* AT_SYMLINK_NOFOLLOW, AT_EMPTY_PATH, DESCRIPTOR_ONLY */
	off_t size;
	mode_t mode;
	uid_t owner;
	gid_t group;
	struct timespec times[2];
	bool now; /* TIMES: no times were given */
	char name[XATTR_NAME_MAX + 1];
	void *value;
	size_t value_size;
	int value_flags;
};

static int read_timevals(const struct call *c, uint64_t address, struct change *t)
{
	struct timeval v[2];

	t->now = !address;
	if (!address)
		return 0;
	if (memory_read(c->tid, address, v, sizeof v))
		return -EFAULT;
	for (int i = 0; i < 2; i++) {
		if (v[i].tv_usec < 0 || v[i].tv_usec >= 1000000)
			return -EINVAL;
		t->times[i] = (struct timespec){ v[i].tv_sec, v[i].tv_usec * 1000 };
	}
	return 0;
}

static int read_change(const struct call *c, struct change *t)
{
	const uint64_t *a = c->arguments;

	*t = (struct change){ .dirfd = AT_FDCWD };
	switch (c->number) {
	case SYS_truncate:
		t->what = TRUNCATE;
		t->size = (off_t)a[1];
		return t->size < 0 ? -EINVAL : 0;
#ifdef SYS_chmod
	case SYS_chmod:
		t->what = MODE;
		t->mode = (mode_t)a[1];
		return 0;
	case SYS_chown:
	case SYS_lchown:
		t->what = OWNER;
		t->flags = c->number == SYS_lchown ? AT_SYMLINK_NOFOLLOW : 0;
		t->owner = (uid_t)a[1];
		t->group = (gid_t)a[2];
		return 0;
	case SYS_utime: {
		struct utimbuf b;
		t->what = TIMES;
		t->now = !a[1];
		if (a[1] && memory_read(c->tid, a[1], &b, sizeof b))
			return -EFAULT;
		t->times[0].tv_sec = a[1] ? b.actime : 0;
		t->times[1].tv_sec = a[1] ? b.modtime : 0;
		return 0;
	}
	case SYS_utimes:
		t->what = TIMES;
		return read_timevals(c, a[1], t);
	case SYS_futimesat:
		t->what = TIMES;
		t->dirfd = argument_int(c, 0);
		t->path_index = 1;
		if (!a[1])
			t->flags = DESCRIPTOR_ONLY;
		return read_timevals(c, a[2], t);
#endif
	case SYS_fchmod:
		t->what = MODE;
		t->dirfd = argument_int(c, 0);
		t->flags = DESCRIPTOR_ONLY;
		t->mode = (mode_t)a[1];
		return 0;
	case SYS_fchmodat:
	case SYS_fchmodat2:
		t->what = MODE;
		t->dirfd = argument_int(c, 0);
		t->path_index = 1;
		t->mode = (mode_t)a[2];
		t->flags = c->number == SYS_fchmodat2 ? argument_int(c, 3) : 0;
		return t->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) ? -EINVAL : 0;
	case SYS_fchown:
		t->what = OWNER;
		t->dirfd = argument_int(c, 0);
		t->flags = DESCRIPTOR_ONLY;
		t->owner = (uid_t)a[1];
		t->group = (gid_t)a[2];
		return 0;
	case SYS_fchownat:
		t->what = OWNER;
		t->dirfd = argument_int(c, 0);
		t->path_index = 1;
		t->owner = (uid_t)a[2];
		t->group = (gid_t)a[3];
		t->flags = argument_int(c, 4);
		return t->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) ? -EINVAL : 0;
	default: /* utimensat */
		t->what = TIMES;
		t->dirfd = argument_int(c, 0);
		t->path_index = 1;
		t->flags = argument_int(c, 3);
		if (t->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
			return -EINVAL;
		if (!a[1])
			t->flags |= DESCRIPTOR_ONLY;
		t->now = !a[2];
		return a[2] && memory_read(c->tid, a[2], t->times, sizeof t->times) ? -EFAULT : 0;
	}
}

static int read_xattr(const struct call *c, struct change *t)
{
	const uint64_t *a = c->arguments;
	bool sets = c->number == SYS_setxattr || c->number == SYS_lsetxattr || c->number == SYS_fsetxattr;

	*t = (struct change){ .what = sets ? SET_XATTR : REMOVE_XATTR, .dirfd = AT_FDCWD };
	if (c->number == SYS_fsetxattr || c->number == SYS_fremovexattr) {
		t->dirfd = argument_int(c, 0);
		t->flags = DESCRIPTOR_ONLY;
	} else if (c->number == SYS_lsetxattr || c->number == SYS_lremovexattr) {
		t->flags = AT_SYMLINK_NOFOLLOW;
	}
	ssize_t n = memory_string(c->tid, a[1], t->name, sizeof t->name);
	if (n <= 0)
		return n == -EFAULT ? -EFAULT : -ERANGE;
	if (!sets)
		return 0;
	t->value_size = (size_t)a[3];
	t->value_flags = argument_int(c, 4);
	if (a[3] > XATTR_SIZE_MAX)
		return -E2BIG;
	t->value = malloc(t->value_size + 1);
	if (!t->value)
		return -ENOMEM;
	return t->value_size && memory_read(c->tid, a[2], t->value, t->value_size) ? -EFAULT : 0;
}

static int resolve_subject(const struct call *c, const struct change *t, struct object *o)
{
	char path[PATH_MAX];

	if (t->flags & DESCRIPTOR_ONLY)
		return resolve_descriptor(c, t->dirfd, o);
	ssize_t n = argument_path(c, t->path_index, path);
	if (n < 0)
		return (int)n;
	if (!call_is_alive(c->id))
		return -EINTR;
	return resolve(c, t->dirfd, path,
		       (t->flags & AT_SYMLINK_NOFOLLOW ? RESOLVE_LINK : 0) |
			       (t->flags & AT_EMPTY_PATH ? RESOLVE_EMPTY : 0),
		       o);
}

static int change_mode(const struct object *o, mode_t mode)
{
	/* A program that runs as its owner is a way out for whoever shares this machine with the agent. */
	if (mode & (S_ISUID | S_ISGID) && !S_ISDIR(o->stat.st_mode))
		return -EPERM;
	if (S_ISLNK(o->stat.st_mode))
		return -EOPNOTSUPP;
	return chmod(object_handle(o->fd).path, mode & 07777) ? -errno : 0;
}

static int truncate_object(const struct object *o, off_t size)
{
	if (S_ISDIR(o->stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(o->stat.st_mode))
		return -EINVAL;
	return truncate(object_handle(o->fd).path, size) ? -errno : 0;
}

static int perform(const struct change *t, const struct object *o)
{
	struct handle h = object_handle(o->fd);

	switch (t->what) {
	case TRUNCATE:
		return truncate_object(o, t->size);
	case MODE:
		return change_mode(o, t->mode);
	case OWNER:
		return fchownat(o->fd, "", t->owner, t->group, AT_EMPTY_PATH) ? -errno : 0;
	case TIMES:
		return utimensat(o->fd, "", t->now ? NULL : t->times, AT_EMPTY_PATH) ? -errno : 0;
	case SET_XATTR:
		if (S_ISLNK(o->stat.st_mode))
			return -EPERM;
		return setxattr(h.path, t->name, t->value, t->value_size, t->value_flags) ? -errno : 0;
	case REMOVE_XATTR:
		if (S_ISLNK(o->stat.st_mode))
			return -EPERM;
		return removexattr(h.path, t->name) ? -errno : 0;
	}
	return -ENOSYS;
}

static void apply(const struct call *c, const struct change *t)
{
	struct object o;
	int error = resolve_subject(c, t, &o);

	if (error) {
		call_fail(c, -error);
		return;
	}
	if (o.unnamed && o.stat.st_nlink != 0 && !S_ISFIFO(o.stat.st_mode) && !S_ISSOCK(o.stat.st_mode)) {
		error = -EPERM; /* a file of the host, handed in as a descriptor */
	} else if (o.unnamed) {
		error = perform(t, &o);
	} else {
		struct operation op = {
			.kind = t->what == TRUNCATE ? WIRE_OP_TRUNCATE : WIRE_OP_SETATTR,
			.actions = t->what == TRUNCATE ? WIRE_WRITE : WIRE_SETATTR,
			.path = o.path,
			.length = o.length,
		};
		error = call_judge(c, &op, TABLE_FILE) ? perform(t, &o) : -EACCES;
		call_record(c, &op, -error);
	}
	if (error)
		call_fail(c, -error);
	else
		call_return(c, 0);
	object_close(&o);
}

void handle_attributes(const struct call *c)
{
	struct change t;
	int error = read_change(c, &t);

	if (error)
		call_fail(c, -error);
	else
		apply(c, &t);
}

void handle_xattr(const struct call *c)
{
	struct change t;
	int error = read_xattr(c, &t);

	if (error)
		call_fail(c, -error);
	else
		apply(c, &t);
	free(t.value);
}
