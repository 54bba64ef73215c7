/* Copies the arguments of one call that changes attributes, once. */
#define _GNU_SOURCE
#include "attribute_change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <utime.h>

#include "handlers.h"
#include "memory.h"

#ifndef SYS_fchmodat2
#define SYS_fchmodat2 452
#endif

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

static bool names_no_path(const struct change *t, uint64_t path)
{
	return !path && t->dirfd != AT_FDCWD;
}

int attribute_change_read(const struct call *c, struct change *t)
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
		if (names_no_path(t, a[1]))
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
	default: /* utimensat; source: do_utimes(), fs/utimes.c */
		t->what = TIMES;
		t->dirfd = argument_int(c, 0);
		t->path_index = 1;
		t->flags = argument_int(c, 3);
		t->now = !a[2];
		if (a[2] && memory_read(c->tid, a[2], t->times, sizeof t->times))
			return -EFAULT;
		if (a[2] && t->times[0].tv_nsec == UTIME_OMIT && t->times[1].tv_nsec == UTIME_OMIT)
			return NOTHING_TO_DO;
		if (t->flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) || (names_no_path(t, a[1]) && t->flags))
			return -EINVAL;
		if (names_no_path(t, a[1]))
			t->flags = DESCRIPTOR_ONLY;
		return 0;
	}
}

int attribute_change_read_xattr(const struct call *c, struct change *t)
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
	t->value_flags = sets ? argument_int(c, 4) : 0;
	if (t->value_flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	ssize_t n = memory_string(c->tid, a[1], t->name, sizeof t->name);
	if (n <= 0)
		return n == -EFAULT ? -EFAULT : -ERANGE;
	if (!sets)
		return 0;
	t->value_size = (size_t)a[3];
	if (a[3] > XATTR_SIZE_MAX)
		return -E2BIG;
	t->value = malloc(t->value_size + 1);
	if (!t->value)
		return -ENOMEM;
	return t->value_size && memory_read(c->tid, a[2], t->value, t->value_size) ? -EFAULT : 0;
}
