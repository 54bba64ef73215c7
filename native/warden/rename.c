/* rename and link: two names, both judged; neither may make anything more permitted than it was, or put it where it
 * could not have been written. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "handlers.h"
#include "names.h"
#include "resolve.h"

struct request {
	bool is_link;
	int from_dirfd, to_dirfd;
	unsigned from_index, to_index;
	unsigned flags; /* RENAME_*, or AT_* of linkat */
};

static int read_request(const struct call *c, struct request *r)
{
	*r = (struct request){ .from_dirfd = AT_FDCWD, .to_dirfd = AT_FDCWD, .to_index = 1 };
	switch (c->number) {
#ifdef SYS_rename
	case SYS_rename:
		return 0;
	case SYS_link:
		r->is_link = true;
		return 0;
#endif
#ifdef SYS_renameat
	case SYS_renameat:
#endif
	case SYS_renameat2:
	case SYS_linkat:
		r->is_link = c->number == SYS_linkat;
		r->from_dirfd = argument_int(c, 0);
		r->from_index = 1;
		r->to_dirfd = argument_int(c, 2);
		r->to_index = 3;
		if (c->number == SYS_renameat2 || c->number == SYS_linkat)
			r->flags = (unsigned)c->arguments[4];
		break;
	}
	unsigned known = r->is_link ? AT_SYMLINK_FOLLOW | AT_EMPTY_PATH : RENAME_NOREPLACE | RENAME_EXCHANGE;
	if (!r->is_link && r->flags & RENAME_NOREPLACE && r->flags & RENAME_EXCHANGE)
		return -EINVAL;
	return r->flags & ~known ? -EINVAL : 0;
}

static int resolve_both(const struct call *c, const struct request *r, struct object *from, struct object *to)
{
	char path[PATH_MAX];
	unsigned flags = RESOLVE_PARENT | RESOLVE_LINK;

	ssize_t n = argument_path(c, r->from_index, path);
	if (n < 0)
		return (int)n;
	if (!call_is_alive(c->id))
		return -EINTR;
	if (r->is_link)
		flags = (r->flags & AT_SYMLINK_FOLLOW ? 0 : RESOLVE_LINK) |
			(r->flags & AT_EMPTY_PATH ? RESOLVE_EMPTY : 0);
	int error = resolve(c, r->from_dirfd, path, flags, from);
	if (error)
		return error;
	n = argument_path(c, r->to_index, path);
	error = n < 0 ? (int)n : !call_is_alive(c->id) ? -EINTR : 0;
	if (!error)
		error = resolve(c, r->to_dirfd, path, RESOLVE_PARENT | RESOLVE_LINK, to);
	if (error)
		object_close(from);
	return error;
}

/* A name, and what stands or will stand there: "/a/b" becomes "/a/b/" when that is a directory. */
struct place {
	uint32_t length;
	char path[OBJECT_PATH_MAX];
};

static struct place place_of(const struct object *o, bool directory)
{
	struct place p = { .length = o->length };

	memcpy(p.path, o->path, o->length);
	if (p.length > 1 && p.path[p.length - 1] == '/')
		p.length--;
	if (directory)
		p.path[p.length++] = '/';
	p.path[p.length] = '\0';
	return p;
}

static bool may_move(const struct object *o, const struct object *to)
{
	struct place p = place_of(to, object_is_directory(o));

	return decide_may_move(o->path, o->length, p.path, p.length);
}

static bool exchanges(const struct request *r)
{
	return !r->is_link && r->flags & RENAME_EXCHANGE;
}

static bool launders(const struct request *r, const struct object *from, const struct object *to)
{
	if (from->unnamed)
		return false; /* an O_TMPFILE gets its first name; the new name alone is judged */
	return !may_move(from, to) || (exchanges(r) && !may_move(to, from));
}

/* Adds the verdict on one more path to that of the whole. */
static bool judge_also(const struct call *c, struct operation *op, uint16_t actions, const char *path, uint32_t length)
{
	struct operation part = { .kind = op->kind, .actions = actions, .path = path, .length = length };
	bool allowed = call_judge(c, &part, TABLE_FILE);

	op->actions |= actions;
	op->judgement.denied |= part.judgement.denied;
	op->judgement.flags |= part.judgement.flags;
	op->judgement.epoch = part.judgement.epoch;
	op->judgement.asked |= part.judgement.asked;
	return allowed;
}

/* `here` ends at the place of `old`, which goes away; NULL: there was nothing. */
static bool judge_arrival(const struct call *c, struct operation *op, const struct place *here,
			  const struct object *old)
{
	uint16_t arrives = op->kind == WIRE_OP_LINK ? WIRE_LINK | WIRE_CREATE : WIRE_RENAME | WIRE_CREATE;

	if (!old)
		return judge_also(c, op, arrives, here->path, here->length);
	if (old->length == here->length)
		return judge_also(c, op, arrives | WIRE_DELETE, here->path, here->length);
	bool allowed = judge_also(c, op, arrives, here->path, here->length);
	return judge_also(c, op, WIRE_RENAME | WIRE_DELETE, old->path, old->length) && allowed;
}

/* All verdicts are asked for, also after a denial: the record holds what was denied. */
static bool judge(const struct call *c, const struct request *r, const struct object *from, const struct object *to,
		  const struct place *target, struct operation *op)
{
	*op = (struct operation){
		.kind = r->is_link ? WIRE_OP_LINK : WIRE_OP_RENAME,
		.actions = r->is_link ? WIRE_LINK : WIRE_RENAME,
		.path = from->path,
		.length = from->length,
		.path2 = target->path,
		.length2 = target->length,
	};
	bool departs = from->unnamed || call_judge(c, op, TABLE_FILE);
	bool arrives = judge_arrival(c, op, target, to->fd >= 0 && !r->is_link ? to : NULL);
	if (!exchanges(r))
		return departs && arrives;
	struct place back = place_of(from, object_is_directory(to));
	return judge_arrival(c, op, &back, from) && departs && arrives;
}

static int rename_held(const struct request *r, const struct object *from, const struct object *to)
{
	/* Where nothing was, nothing may be replaced; NFS and others do not know how to say so (EINVAL). */
	unsigned flags = r->flags | (to->fd < 0 ? RENAME_NOREPLACE : 0);
	long result = syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, flags);

	if (result && errno == EINVAL && flags != r->flags)
		result = syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, r->flags);
	return result ? -errno : 0;
}

/* 0, -errno, or -ESTALE: the names were given to something else since they were judged. */
static int perform(const struct request *r, const struct object *from, const struct object *to)
{
	int error = -ESTALE;

	if (r->is_link)
		return linkat(AT_FDCWD, object_handle(from->fd).path, to->parent, to->name, AT_SYMLINK_FOLLOW) ? -errno
													       : 0;
	names_lock();
	if (names_hold(from) && names_hold(to))
		error = rename_held(r, from, to);
	names_unlock();
	return error == -EEXIST && to->fd < 0 && !(r->flags & RENAME_NOREPLACE) ? -ESTALE : error;
}

/* In the order of do_renameat2(), fs/namei.c. */
static int early_error_of_rename(const struct request *r, const struct object *from, const struct object *to)
{
	bool exchange = r->flags & RENAME_EXCHANGE;

	if (from->parent < 0)
		return -EBUSY;
	if (to->parent < 0)
		return r->flags & RENAME_NOREPLACE ? -EEXIST : -EBUSY;
	if (from->fd < 0)
		return -ENOENT;
	if (object_is_mount(from) || object_is_mount(to))
		return -EBUSY;
	if (to->fd >= 0 && r->flags & RENAME_NOREPLACE)
		return -EEXIST;
	if (to->fd < 0 && exchange)
		return -ENOENT;
	if (exchange && to->trailing && !object_is_directory(to))
		return -ENOTDIR;
	if (!object_is_directory(from) && (from->trailing || (!exchange && to->trailing)))
		return -ENOTDIR;
	return 0;
}

/* In the order of do_linkat() and vfs_link(), fs/namei.c. */
static int early_error_of_link(const struct object *from, const struct object *to)
{
	if (to->parent < 0 || to->fd >= 0)
		return -EEXIST;
	if (to->trailing)
		return -ENOENT;
	if (S_ISDIR(from->stat.st_mode))
		return faccessat(to->parent, ".", W_OK, AT_EACCESS) ? -errno : -EPERM;
	/* A file of the host that was handed in as a descriptor must not get a name inside. */
	return from->unnamed && from->stat.st_nlink != 0 ? -EXDEV : 0;
}

/* One attempt. -ESTALE: try again; nothing was done and nothing recorded. */
static int rename_once(const struct call *c, const struct request *r)
{
	struct object from, to;
	struct operation op;
	int error = resolve_both(c, r, &from, &to);

	if (error)
		return error;
	error = r->is_link ? early_error_of_link(&from, &to) : early_error_of_rename(r, &from, &to);
	if (!error) {
		struct place target = place_of(&to, object_is_directory(&from));
		if (!judge(c, r, &from, &to, &target, &op)) {
			error = -EACCES;
		} else if (launders(r, &from, &to) && !decide_observes()) {
			/* EXDEV makes mv(1) and friends copy instead: each read and write is then judged by itself. */
			op.judgement.denied = op.actions;
			op.judgement.flags |= WIRE_FLAG_BUILTIN;
			error = -EXDEV;
		} else {
			error = perform(r, &from, &to);
		}
		if (error != -ESTALE)
			call_record(c, &op, -error);
	}
	object_close(&from);
	object_close(&to);
	return error;
}

void handle_rename(const struct call *c)
{
	struct request r;
	int error = read_request(c, &r);

	for (int tries = 0; !error && tries < 16; tries++) {
		error = rename_once(c, &r);
		if (error != -ESTALE)
			break;
		error = tries < 15 ? 0 : -EBUSY;
	}
	if (error)
		call_fail(c, -error);
	else
		call_return(c, 0);
}
