/* truncate, chmod, chown, utime and extended attributes: changes to an object that is held. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attribute_change.h"
#include "handlers.h"
#include "machine.h"
#include "resolve.h"
#include "size_limit.h"

static int resolve_subject(const struct call *c, const struct change *t, struct object *o)
{
	char path[PATH_MAX];

	if (t->flags & DESCRIPTOR_ONLY && !call_is_alive(c->id))
		return -EINTR;
	if (t->flags & DESCRIPTOR_ONLY)
		return descriptor_is_path(c, t->dirfd) ? -EBADF : resolve_descriptor(c, t->dirfd, o);
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

static int truncate_object(const struct call *c, const struct object *o, off_t size)
{
	if (S_ISDIR(o->stat.st_mode))
		return -EISDIR;
	if (!S_ISREG(o->stat.st_mode))
		return -EINVAL;
	if (size > o->stat.st_size && size_is_refused(c, size))
		return -EFBIG;
	return truncate(object_handle(o->fd).path, size) ? -errno : 0;
}

static int perform(const struct call *c, const struct change *t, const struct object *o)
{
	struct handle h = object_handle(o->fd);

	switch (t->what) {
	case TRUNCATE:
		return truncate_object(c, o, t->size);
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

/* A pipe, a socket, or a file without a name; not a file of the host, handed in as a descriptor. */
static bool may_change_unnamed(const struct change *t, const struct object *o)
{
	if (t->what == TRUNCATE && !(o->held & WIRE_WRITE))
		return false;
	return o->stat.st_nlink == 0 || S_ISFIFO(o->stat.st_mode) || S_ISSOCK(o->stat.st_mode);
}

static void apply(const struct call *c, const struct change *t)
{
	struct object o;
	int error = resolve_subject(c, t, &o);

	if (error) {
		call_fail(c, -error);
		return;
	}
	struct operation op = {
		.kind = t->what == TRUNCATE ? WIRE_OP_TRUNCATE : WIRE_OP_SETATTR,
		.actions = t->what == TRUNCATE ? WIRE_WRITE : WIRE_SETATTR,
		.path = o.path,
		.length = o.length,
	};
	if (machine_forbids(&o, op.actions)) {
		op.judgement = decide_refusal(op.actions);
		error = -EPERM;
		call_record(c, &op, EPERM);
	} else if (o.unnamed) {
		error = may_change_unnamed(t, &o) ? perform(c, t, &o) : -EPERM;
	} else {
		error = call_judge(c, &op, TABLE_FILE) ? perform(c, t, &o) : -EACCES;
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
	int error = attribute_change_read(c, &t);

	if (error == NOTHING_TO_DO)
		call_return(c, 0);
	else if (error)
		call_fail(c, -error);
	else
		apply(c, &t);
}

void handle_xattr(const struct call *c)
{
	struct change t;
	int error = attribute_change_read_xattr(c, &t);

	if (error)
		call_fail(c, -error);
	else
		apply(c, &t);
	free(t.value);
}
