/* Copies the arguments of one call of the open family, once. */
#define _GNU_SOURCE
#include "open_request.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>

#include "handlers.h"
#include "memory.h"

#if defined(__aarch64__)
#define KERNEL_LARGEFILE 0400000 /* O_LARGEFILE of the kernel; libc defines it as 0 where it is always on */
#else
#define KERNEL_LARGEFILE 0100000
#endif
#define TMPFILE_BIT (O_TMPFILE & ~O_DIRECTORY)
#define VALID_FLAGS                                                                                                    \
	((uint64_t)(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_ASYNC |     \
		    O_DIRECT | KERNEL_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH |          \
		    TMPFILE_BIT))
#define VALID_RESTRICTIONS                                                                                             \
	((uint64_t)(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH |                  \
		    RESOLVE_IN_ROOT | RESOLVE_CACHED))

ssize_t argument_path(const struct call *c, unsigned index, char path[static 4096])
{
	return memory_string(c->tid, c->arguments[index], path, 4096);
}

/* What the kernel refuses before it looks at the path. Source: build_open_flags(), fs/open.c. */
static int check_flags(const struct open_request *r)
{
	const uint64_t both = RESOLVE_BENEATH | RESOLVE_IN_ROOT;

	if (r->restrictions & ~VALID_RESTRICTIONS || (r->restrictions & both) == both)
		return -EINVAL;
	if (r->flags & O_PATH)
		return 0;
	if (r->flags & O_CREAT && r->flags & O_DIRECTORY)
		return -EINVAL;
	if (r->flags & TMPFILE_BIT && (!is_tmpfile(r) || (r->flags & O_ACCMODE) == O_RDONLY))
		return -EINVAL;
	return r->restrictions & RESOLVE_CACHED && r->flags & (O_TRUNC | O_CREAT | TMPFILE_BIT) ? -EAGAIN : 0;
}

/* A larger structure than this one is known as long as what is not known is zero. Source: copy_struct_from_user(9). */
static int read_how(const struct call *c, struct open_how *how)
{
	uint8_t bytes[4096];
	uint64_t size = c->arguments[3];

	if (size < sizeof *how)
		return -EINVAL;
	if (size > sizeof bytes)
		return -E2BIG;
	if (memory_read(c->tid, c->arguments[2], bytes, size))
		return -EFAULT;
	for (size_t i = sizeof *how; i < size; i++)
		if (bytes[i])
			return -E2BIG;
	memcpy(how, bytes, sizeof *how);
	if (how->flags & ~VALID_FLAGS || how->resolve >> 32)
		return -EINVAL;
	return how->mode & ~07777ull || (how->mode && !(how->flags & (O_CREAT | TMPFILE_BIT))) ? -EINVAL : 0;
}

int open_request_read(const struct call *c, struct open_request *r)
{
	struct open_how how = { 0 };
	unsigned at = 1;
	int error = 0;

	r->restrictions = 0;
	r->dirfd = AT_FDCWD;
	switch (c->number) {
#ifdef SYS_open
	case SYS_open:
		at = 0;
		r->flags = c->arguments[1] & VALID_FLAGS;
		r->mode = (mode_t)c->arguments[2];
		break;
	case SYS_creat:
		at = 0;
		r->flags = O_CREAT | O_WRONLY | O_TRUNC;
		r->mode = (mode_t)c->arguments[1];
		break;
#endif
	case SYS_openat:
		r->dirfd = argument_int(c, 0);
		r->flags = c->arguments[2] & VALID_FLAGS;
		r->mode = (mode_t)c->arguments[3];
		break;
	default: /* openat2 */
		error = read_how(c, &how);
		r->dirfd = argument_int(c, 0);
		r->flags = how.flags;
		r->mode = (mode_t)how.mode;
		r->restrictions = how.resolve;
	}
	if (!error)
		error = check_flags(r);
	if (error)
		return error;
	ssize_t n = argument_path(c, at, r->path);
	return n < 0 ? (int)n : 0;
}
