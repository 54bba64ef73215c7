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
#include "names.h"
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

static bool is_mkdir(const struct call *c)
{
#ifdef SYS_mkdir
	if (c->number == SYS_mkdir)
		return true;
#endif
	return c->number == SYS_mkdirat;
}

static int read_target(const struct call *c, struct request *r)
{
	ssize_t n = argument_path(c, 0, r->target);

	return n < 0 ? (int)n : n == 0 ? -ENOENT : 0;
}

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
		return read_target(c, r);
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
		return read_target(c, r);
	}
}

/* Source: may_mknod(), fs/namei.c; device nodes are for root alone. */
static int check_mode(const struct call *c, const struct request *r)
{
	if (r->kind != WIRE_OP_CREATE || is_mkdir(c))
		return 0;
	switch (r->mode & S_IFMT) {
	case 0:
	case S_IFREG:
	case S_IFIFO:
	case S_IFSOCK:
		return 0;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

static int perform(const struct call *c, const struct request *r, const struct object *o)
{
	int result;

	if (r->kind == WIRE_OP_UNLINK) {
		names_lock();
		result = unlinkat(o->parent, o->name, r->flags) ? -errno : 0;
		names_unlock();
		return result;
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
static int error_of_nameless(const struct request *r, const char *path)
{
	size_t length = strlen(path);

	if (r->kind != WIRE_OP_UNLINK)
		return -EEXIST;
	if (!(r->flags & AT_REMOVEDIR))
		return -EISDIR;
	while (length && path[length - 1] == '/')
		length--;
	if (length > 1 && !memcmp(path + length - 2, "..", 2))
		return -ENOTEMPTY;
	return length ? -EINVAL : -EBUSY;
}

/* Source: filename_create() and do_unlinkat(), fs/namei.c. */
static int early_error(const struct request *r, const struct object *o, const char *path)
{
	if (o->parent < 0)
		return error_of_nameless(r, path);
	if (r->kind != WIRE_OP_UNLINK)
		return o->fd >= 0 ? -EEXIST : o->trailing && !S_ISDIR(r->mode) ? -ENOENT : 0;
	if (o->fd < 0)
		return -ENOENT;
	if (object_is_mount(o))
		return -EBUSY;
	/* What is judged, a directory or not, is what can be removed. */
	if (object_is_directory(o) != (r->flags == AT_REMOVEDIR))
		return object_is_directory(o) ? -EISDIR : -ENOTDIR;
	return o->trailing && !object_is_directory(o) ? -ENOTDIR : 0;
}

void handle_entry(const struct call *c)
{
	struct request r;
	struct object o;
	char path[PATH_MAX];
	int error = read_request(c, &r);

	if (!error)
		error = check_mode(c, &r);
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
	error = early_error(&r, &o, path);
	if (!error) {
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
