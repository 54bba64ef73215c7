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
	error = n < 0 ? (int)n : resolve(c, r->to_dirfd, path, RESOLVE_PARENT | RESOLVE_LINK, to);
	if (error)
		object_close(from);
	return error;
}

/* A destination takes the kind of what moves there: "/a/b" becomes "/a/b/" when a directory is renamed to it. */
static void make_kind(struct object *to, bool directory)
{
	bool has = to->length > 1 && to->path[to->length - 1] == '/';

	if (directory && !has)
		to->path[to->length++] = '/';
	else if (!directory && has)
		to->length--;
	to->path[to->length] = '\0';
}

static bool launders(const struct request *r, const struct object *from, const struct object *to)
{
	if (from->unnamed)
		return false; /* an O_TMPFILE gets its first name; the new name alone is judged */
	if (!decide_may_move(from->path, from->length, to->path, to->length))
		return true;
	return !r->is_link && r->flags & RENAME_EXCHANGE &&
	       !decide_may_move(to->path, to->length, from->path, from->length);
}

static bool judge(const struct call *c, const struct request *r, const struct object *from, const struct object *to,
		  struct operation *op)
{
	bool replaces = to->fd >= 0 && !r->is_link;

	*op = (struct operation){
		.kind = r->is_link ? WIRE_OP_LINK : WIRE_OP_RENAME,
		.actions = r->is_link ? WIRE_LINK : WIRE_RENAME,
		.path = from->path,
		.length = from->length,
		.path2 = to->path,
		.length2 = to->length,
	};
	struct operation second = *op;
	second.path = to->path;
	second.length = to->length;
	second.length2 = 0;
	second.actions |= r->is_link ? WIRE_CREATE : replaces ? WIRE_CREATE | WIRE_DELETE : WIRE_CREATE;
	bool first_allowed = from->unnamed || call_judge(c, op, TABLE_FILE);
	bool second_allowed = call_judge(c, &second, TABLE_FILE);
	op->actions |= second.actions;
	op->judgement.denied |= second.judgement.denied;
	op->judgement.flags |= second.judgement.flags;
	op->judgement.epoch = second.judgement.epoch;
	return first_allowed && second_allowed;
}

static int perform(const struct request *r, const struct object *from, const struct object *to)
{
	int result;

	if (r->is_link)
		result = linkat(AT_FDCWD, object_handle(from->fd).path, to->parent, to->name, AT_SYMLINK_FOLLOW);
	else
		result = (int)syscall(SYS_renameat2, from->parent, from->name, to->parent, to->name, r->flags);
	return result ? -errno : 0;
}

static int early_error(const struct request *r, const struct object *from, const struct object *to)
{
	if (to->parent < 0)
		return r->is_link ? -EEXIST : -EBUSY;
	if (!r->is_link && from->parent < 0)
		return -EBUSY;
	if (from->fd < 0)
		return -ENOENT;
	if (r->is_link && S_ISDIR(from->stat.st_mode))
		return -EPERM;
	if (to->fd >= 0 && (r->is_link || r->flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (to->fd < 0 && r->flags & RENAME_EXCHANGE && !r->is_link)
		return -ENOENT;
	/* A file of the host that was handed in as a descriptor must not get a name inside. */
	if (r->is_link && from->unnamed && from->stat.st_nlink != 0)
		return -EXDEV;
	return 0;
}

void handle_rename(const struct call *c)
{
	struct request r;
	struct object from, to;
	struct operation op;
	int error = read_request(c, &r);

	if (!error)
		error = resolve_both(c, &r, &from, &to);
	if (error) {
		call_fail(c, -error);
		return;
	}
	error = early_error(&r, &from, &to);
	if (!error) {
		if (!(r.flags & RENAME_EXCHANGE) || r.is_link)
			make_kind(&to, object_is_directory(&from));
		bool allowed = judge(c, &r, &from, &to, &op);
		if (!allowed) {
			error = -EACCES;
		} else if (launders(&r, &from, &to) && !decide_observes()) {
			/* EXDEV makes mv(1) and friends copy instead: each read and write is then judged by itself. */
			op.judgement.denied = op.actions;
			op.judgement.flags |= WIRE_FLAG_BUILTIN;
			error = -EXDEV;
		} else {
			error = perform(&r, &from, &to);
		}
		call_record(c, &op, -error);
	}
	if (error)
		call_fail(c, -error);
	else
		call_return(c, 0);
	object_close(&from);
	object_close(&to);
}
