/* open, creat, openat, openat2: resolves, judges the object, opens it again by descriptor and installs the result in
 * the agent. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "handlers.h"
#include "loader.h"
#include "machine.h"
#include "open_request.h"
#include "reopen.h"
#include "resolve.h"

/* A descriptor that no path of the sandbox names may be opened again only with rights it already has. */
static bool widens_descriptor(const struct open_request *r, const struct object *o)
{
	if (!o->unnamed || S_ISFIFO(o->stat.st_mode) || S_ISCHR(o->stat.st_mode))
		return false;
	return access_actions(r->flags) & ~o->held;
}

/* Creates the missing entry. A descriptor, -EEXIST when somebody was faster, or -errno. */
static int create(const struct call *c, const struct open_request *r, const struct object *o)
{
	mode_t mode = r->mode & 07777 & ~process_umask(c->tid) & ~(mode_t)(S_ISUID | S_ISGID);
	/* O_EXCL follows no link either. */
	uint64_t flags = r->flags | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC;
	int fd = openat(o->parent, o->name, (int)flags, mode);

	return fd < 0 ? -errno : fd;
}

static int open_unnamed_file(const struct call *c, const struct open_request *r, const struct object *o)
{
	mode_t mode = r->mode & 07777 & ~process_umask(c->tid) & ~(mode_t)(S_ISUID | S_ISGID);
	int fd = open(object_handle(o->fd).path, (int)(r->flags & ~(uint64_t)O_NOFOLLOW) | O_CLOEXEC, mode);

	return fd < 0 ? -errno : fd;
}

/* What a second copy, open a moment longer here, would change for others: a FIFO has a reader although its reader is
 * gone, a program just written is busy (ETXTBSY). */
static bool is_felt(const struct open_request *r, const struct object *o)
{
	return (r->flags & O_ACCMODE) != O_RDONLY || (o->fd >= 0 && S_ISFIFO(o->stat.st_mode));
}

static void finish(const struct call *c, const struct open_request *r, const struct operation *o, int fd, bool alone)
{
	int error = fd < 0 ? -fd : 0;

	/* A denial is on its way to the manager before the agent hears of it, so that it finds it in $LEASH_DENIALS. */
	bool is_first = error && o && o->judgement.denied;
	if (is_first)
		call_record(c, o, error);
	if (error)
		call_fail(c, error);
	else
		error = call_return_fd(c, fd, r->flags & O_CLOEXEC, alone);
	if (o && !is_first)
		call_record(c, o, error);
}

/* Errors the kernel would give before it looks at permissions. */
static int early_error(const struct open_request *r, const struct object *o)
{
	if (may_create(r) && o->trailing)
		return -EISDIR;
	if (o->fd < 0)
		return 0;
	if (may_create(r) && r->flags & O_EXCL)
		return -EEXIST;
	if (S_ISLNK(o->stat.st_mode))
		return r->flags & O_DIRECTORY ? -ENOTDIR : -ELOOP;
	if (r->flags & O_DIRECTORY && !object_is_directory(o))
		return -ENOTDIR;
	if (object_is_directory(o) && !is_tmpfile(r) && (may_create(r) || (r->flags & O_ACCMODE) != O_RDONLY))
		return -EISDIR;
	if (S_ISSOCK(o->stat.st_mode))
		return -ENXIO;
	return 0;
}

/* Reading what exists, named by a path without procfs links: one openat2(2) gives object and result at once. O_NONBLOCK
 * keeps a FIFO or a device from holding this thread; such an object is opened again in its own way while this
 * descriptor keeps its other end alive. 0, or an error after which the general way must be taken.
 */
static int open_quickly(const struct call *c, const struct open_request *r, struct object *o)
{
	const uint64_t kept = O_DIRECTORY | O_NOFOLLOW | O_NOATIME;
	const uint64_t plain = kept | O_CLOEXEC | O_NONBLOCK | O_LARGEFILE;

	if (r->flags & ~plain || r->restrictions)
		return -EINVAL;
	return resolve_open(c, r->dirfd, r->path, (r->flags & kept) | O_NONBLOCK | O_NOCTTY, o);
}

static bool is_plain(const struct object *o)
{
	return S_ISREG(o->stat.st_mode) || S_ISDIR(o->stat.st_mode);
}

/* The descriptor of open_quickly as the agent's result, with the status flags it asked for. */
static int take_quick(struct object *o, const struct open_request *r)
{
	int fd = o->fd;

	if (!(r->flags & O_NONBLOCK) && fcntl(fd, F_SETFL, (int)(r->flags & O_NOATIME)))
		return -errno;
	o->fd = -1;
	return fd;
}

/* The descriptor; or -EACCES when it is of a program that a dynamic loader must not run. */
static int unless_program(const struct call *c, const struct open_request *r, const struct object *o, int fd)
{
	if (fd < 0 || !c->line || !c->line->is_loader || !S_ISREG(o->stat.st_mode) ||
	    loader_may_open(c, o, r->path, fd))
		return fd;
	close(fd);
	return -EACCES;
}

/* One attempt. True: answered. False: the entry appeared or vanished meanwhile, try again. */
static bool open_once(const struct call *c, const struct open_request *r)
{
	struct object o;
	struct operation op = { .kind = WIRE_OP_OPEN };
	unsigned flags = (may_create(r) ? RESOLVE_PARENT : 0) |
			 (r->flags & O_NOFOLLOW || (may_create(r) && r->flags & O_EXCL) ? RESOLVE_LINK : 0);
	int error = open_quickly(c, r, &o);
	bool quick = !error && is_plain(&o);
	if (error)
		error = r->restrictions ? resolve_restricted(c, r->dirfd, r->path, flags, r->restrictions, &o)
					: resolve(c, r->dirfd, r->path, flags, &o);
	if (!error)
		error = early_error(r, &o);
	bool done = true;
	if (error) {
		op.path = error == -ENOENT ? r->path : "";
		/* Nothing was reached, so nothing is judged; what was looked for in vain is still worth a line. */
		op.length = (uint32_t)strlen(op.path);
		op.actions = access_actions(r->flags);
		op.judgement.epoch = decide_epoch();
		finish(c, r, error == -ENOENT && op.path[0] == '/' ? &op : NULL, error, false);
		if (error != -ENOENT)
			object_close(&o);
		return true;
	}
	bool missing = o.fd < 0, felt = is_felt(r, &o);
	op.path = o.path;
	op.length = o.length;
	op.actions = access_actions(r->flags);
	if (missing || is_tmpfile(r)) {
		op.kind = WIRE_OP_CREATE;
		op.actions |= WIRE_CREATE;
	}
	if (!missing && (machine_forbids(&o, op.actions) || widens_descriptor(r, &o))) {
		op.judgement = decide_refusal(op.actions);
		finish(c, r, &op, -EACCES, false);
	} else if (!missing && o.unnamed && !is_tmpfile(r)) {
		finish(c, r, NULL, unless_program(c, r, &o, reopen_object(c, r, &o)), felt);
	} else if (!call_judge(c, &op, TABLE_FILE)) {
		finish(c, r, &op, -EACCES, false);
	} else {
		int fd = quick		 ? take_quick(&o, r)
			 : missing	 ? create(c, r, &o)
			 : is_tmpfile(r) ? open_unnamed_file(c, r, &o)
					 : reopen_object(c, r, &o);
		if (!missing && !is_tmpfile(r))
			fd = unless_program(c, r, &o, fd);
		object_close(&o);
		if (missing && fd == -EEXIST && !(r->flags & O_EXCL))
			done = false;
		else
			finish(c, r, &op, fd, felt);
	}
	object_close(&o);
	return done;
}

/* O_PATH reaches no content, so there is nothing to judge: what is done with the descriptor is judged then. The kernel
 * must open it, because ADDFD takes no such descriptor (fget(), fs/file.c). The flag stands in a register and cannot
 * change any more; that of openat2 stands in memory, and programs fall back from ENOSYS.
 */
static void open_path(const struct call *c)
{
	if (c->number == SYS_openat2)
		call_fail(c, ENOSYS);
	else
		call_continue(c);
}

void handle_open(const struct call *c)
{
	struct open_request r;
	int error = open_request_read(c, &r);

	if (error) {
		call_fail(c, -error);
		return;
	}
	if (!call_is_alive(c->id))
		return;
	if (r.flags & O_PATH) {
		open_path(c);
		return;
	}
	for (int tries = 0; tries < 16; tries++)
		if (open_once(c, &r))
			return;
	call_fail(c, EAGAIN);
}
