/* Copies the arguments of one call of the open family, once. */
#define _GNU_SOURCE
#include "open_request.h"

#include <errno.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

#include "handlers.h"
#include "memory.h"

ssize_t argument_path(const struct call *c, unsigned index, char path[static 4096])
{
	return memory_string(c->tid, c->arguments[index], path, 4096);
}

int open_request_read(const struct call *c, struct open_request *r)
{
	struct open_how how = { 0 };
	unsigned at = 1;

	r->restrictions = 0;
	r->dirfd = AT_FDCWD;
	switch (c->number) {
#ifdef SYS_open
	case SYS_open:
		at = 0;
		r->flags = (uint32_t)c->arguments[1];
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
		r->flags = (uint32_t)c->arguments[2];
		r->mode = (mode_t)c->arguments[3];
		break;
	default: /* openat2 */
		if (c->arguments[3] != sizeof how)
			return c->arguments[3] < sizeof how ? -EINVAL : -E2BIG;
		if (memory_read(c->tid, c->arguments[2], &how, sizeof how))
			return -EFAULT;
		if (how.flags >> 32 || how.resolve >> 32)
			return -EINVAL;
		if (how.mode & ~07777ull || (how.mode && !(how.flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))))
			return -EINVAL;
		r->dirfd = argument_int(c, 0);
		r->flags = how.flags;
		r->mode = (mode_t)how.mode;
		r->restrictions = how.resolve;
	}
	ssize_t n = argument_path(c, at, r->path);
	return n < 0 ? (int)n : 0;
}
