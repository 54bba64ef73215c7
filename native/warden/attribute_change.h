/* The arguments of truncate, chmod, chown, utime and setxattr, in every form of them, in one. */
#ifndef WARDEN_ATTRIBUTE_CHANGE_H
#define WARDEN_ATTRIBUTE_CHANGE_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "call.h"

#define DESCRIPTOR_ONLY 0x40000000 /* the call names no path: fchmod, fchown, fsetxattr … */
#define NOTHING_TO_DO 1

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

/* Copy the arguments. 0, NOTHING_TO_DO, or -errno as the kernel would give for them. Of the second `value` is the
 * caller's to free, also after an error. */
int attribute_change_read(const struct call *c, struct change *t);
int attribute_change_read_xattr(const struct call *c, struct change *t);

#endif
