/* The arguments of open, creat, openat and openat2 in one form. */
#ifndef WARDEN_OPEN_REQUEST_H
#define WARDEN_OPEN_REQUEST_H

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "call.h"
#include "wire.h"

struct open_request {
	int dirfd;
	uint64_t flags;
	mode_t mode;
	uint64_t restrictions; /* openat2 */
	char path[PATH_MAX];
};

/* Copies the arguments. 0 or -errno, as the kernel would give for them. Source: openat2(2). */
int open_request_read(const struct call *c, struct open_request *r);

static inline bool is_tmpfile(const struct open_request *r)
{
	return (r->flags & O_TMPFILE) == O_TMPFILE;
}

static inline bool may_create(const struct open_request *r)
{
	return r->flags & O_CREAT && !(r->flags & O_PATH);
}

static inline uint16_t access_actions(uint64_t flags)
{
	uint16_t actions = 0;

	if ((flags & O_ACCMODE) != O_WRONLY)
		actions |= WIRE_READ;
	if ((flags & O_ACCMODE) != O_RDONLY || flags & O_TRUNC)
		actions |= WIRE_WRITE;
	return actions;
}

#endif
