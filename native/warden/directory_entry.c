/* unlink, rmdir, mkdir, mknod, symlink: one entry of a directory that is held. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "handlers.h"
#include "memory.h"
#include "resolve.h"

struct request {
	enum wire_operation kind;
	uint16_t action;
	int dirfd;
	unsigned path_index;
	int flags; /* AT_REMOVEDIR */
	mode_t mode;
	dev_t device;
	bool is_directory;     /* the entry is, or will be, a directory */
	char target[PATH_MAX]; /* symlink */
};

static int read_request(const struct call *c, struct request *r)
{
	const uint64_t *a = c->arguments;

	*r = (struct request){ .kind = WIRE_OP_UNLINK, .action = WIRE_DELETE, .dirfd = AT_FDCWD };
	switch (c->number) {
#ifdef SYS_unlink
	case SYS_unlink:
		return 0;
	case SYS_rmdir:
		r->flags = AT_REMOVEDIR;
		return 0;
	case SYS_mkdir:
		r->kind = WIRE_OP_CREATE;
		r->action = WIRE_CREATE;
		r->mode = S_IFDIR | ((mode_t)a[1] & 07777);
		return 0;
	case SYS_mknod:
		r->kind = WIRE_OP_CREATE;
		r->action = WIRE_CREATE;
		r->mode = (mode_t)a[1];
		r->device = (dev_t)a[2];
		return 0;
	case SYS_symlink:
		r->kind = WIRE_OP_SYMLINK;
		r->action = WIRE_CREATE;
		r->path_index = 1;
		r->mode = S_IFLNK;
		return (int)(argument_path(c, 0, r->target) < 0 ? -EFAULT : 0);
#endif
	case SYS_unlinkat:
		r->dirfd = argument_int(c, 0);
		r->path_index = 1;
		r->flags = argument_int(c, 2);
		return r->flags & ~AT_REMOVEDIR ? -EINVAL : 0;
	case SYS_mkdirat:
		r->kind = WIRE_OP_CREATE;
		r->action = WIRE_CREATE;
		r->dirfd = argument_int(c, 0);
		r->path_index = 1;
		r->mode = S_IFDIR | ((mode_t)a[2] & 07777);
		return 0;
	case SYS_mknodat:
		r->kind = WIRE_OP_CREATE;
		r->action = WIRE_CREATE;
		r->dirfd = argument_int(c, 0);
		r->path_index = 1;
		r->mode = (mode_t)a[2];
		r->device = (dev_t)a[3];
		return 0;
	default: /* symlinkat */
		r->kind = WIRE_OP_SYMLINK;
		r->action = WIRE_CREATE;
		r->dirfd = argument_int(c, 1);
		r->path_index = 2;
		r->mode = S_IFLNK;
		return (int)(argument_path(c, 0, r->target) < 0 ? -EFAULT : 0);
	}
}

static int check_mode(const struct request *r)
{
	switch (r->mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
	case S_IFDIR:
	case S_IFLNK:
		return 0;
	default:
		return -EPERM; /* device nodes */
	}
}

static int perform(const struct call *c, const struct request *r, const struct object *o)
{
	int result;

	if (r->kind == WIRE_OP_UNLINK) {
		result = unlinkat(o->parent, o->name, r->flags);
	} else if (r->kind == WIRE_OP_SYMLINK) {
		result = symlinkat(r->target, o->parent, o->name);
	} else {
		mode_t mode = r->mode & ~process_umask(c->tid);
		if (S_ISDIR(mode))
			result = mkdirat(o->parent, o->name, mode & 01777);
		else
			result = mknodat(o->parent, o->name, mode & ~(mode_t)(S_ISUID | S_ISGID), 0);
	}
	return result ? -errno : 0;
}

/* What the kernel says of an entry that has no name of its own: "/", "a/..", ".". */
static int error_of_nameless(const struct request *r)
{
	if (r->kind != WIRE_OP_UNLINK)
		return -EEXIST;
	return r->flags & AT_REMOVEDIR ? -EBUSY : -EISDIR;
}

void handle_entry(const struct call *c)
{
	struct request r;
	struct object o;
	char path[PATH_MAX];
	int error = read_request(c, &r);

	if (!error)
		error = check_mode(&r);
	ssize_t n = error ? 0 : argument_path(c, r.path_index, path);
	if (!error && n < 0)
		error = (int)n;
	if (!error && !call_is_alive(c->id))
		return;
	if (!error)
		error = resolve(c, r.dirfd, path, RESOLVE_PARENT | RESOLVE_LINK, &o);
	if (error) {
		call_fail(c, -error);
		return;
	}
	if (o.parent < 0) {
		error = error_of_nameless(&r);
	} else if (r.kind == WIRE_OP_UNLINK && o.fd < 0) {
		error = -ENOENT;
	} else if (r.kind != WIRE_OP_UNLINK && o.fd >= 0) {
		error = -EEXIST;
	} else {
		if (S_ISDIR(r.mode)) {
			o.path[o.length++] = '/';
			o.path[o.length] = '\0';
		}
		struct operation op = { .kind = r.kind, .actions = r.action, .path = o.path, .length = o.length };
		error = call_judge(c, &op, TABLE_FILE) ? perform(c, &r, &o) : -EACCES;
		call_record(c, &op, -error);
	}
	if (error)
		call_fail(c, -error);
	else
		call_return(c, 0);
	object_close(&o);
}
