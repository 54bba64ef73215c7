/* Every step opens one name in a directory that is held, without following links; links are followed here, beneath the
 * sandbox's root. */
#define _GNU_SOURCE
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "held.h"

#define LINKS_MAX 40 /* MAXSYMLINKS, path_resolution(7) */
#define TEXT_MAX (4 * PATH_MAX)

static int root = -1;

void walk_open_root(int fd)
{
	root = fd;
}

bool walk_is_procfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

#define PROC_ROOT_INO 1 /* fs/proc/internal.h */

static bool is_procfs_root(int fd)
{
	struct stat s;

	return walk_is_procfs(fd) && fstat(fd, &s) == 0 && s.st_ino == PROC_ROOT_INO;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

void walk_check_name(struct object *o)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC | O_NOFOLLOW,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	struct stat s;

	if (o->unnamed)
		return;
	int fd = (int)syscall(SYS_openat2, root, o->path, &how, sizeof how);
	o->unnamed = fd < 0 || fstat(fd, &s) || !is_same(&s, &o->stat);
	if (fd < 0)
		return;
	/* From here on by the sandbox's mount: a descriptor from outside may be of one that can be written. */
	if (o->by_descriptor && !o->unnamed) {
		int given = o->fd;
		o->fd = fd;
		fd = given;
	}
	close(fd);
}

/* State of one walk: what is still to be resolved, and where it stands. */
struct walker {
	const struct call *call;
	int at; /* O_PATH directory, owned unless it is the root */
	unsigned links;
	char rest[TEXT_MAX];
};

static void move_to(struct walker *w, int fd)
{
	if (w->at != root)
		close(w->at);
	w->at = fd;
}

/* Puts `text` in front of what is left. */
static int prepend(struct walker *w, const char *text)
{
	size_t n = strlen(text), left = strlen(w->rest);

	/* What is left starts with a slash, or is nothing: a final slash would demand a directory. */
	if (n + left >= TEXT_MAX)
		return -ENAMETOOLONG;
	memmove(w->rest + n, w->rest, left + 1);
	memcpy(w->rest, text, n);
	return 0;
}

static bool take_component(struct walker *w, char *name, bool *last, bool *trailing)
{
	size_t start = strspn(w->rest, "/"), n = strcspn(w->rest + start, "/");

	if (n == 0 || n > NAME_MAX)
		return false;
	memcpy(name, w->rest + start, n);
	name[n] = '\0';
	size_t next = start + n, slashes = strspn(w->rest + next, "/");
	*last = w->rest[next + slashes] == '\0';
	*trailing = *last && slashes > 0;
	memmove(w->rest, w->rest + next, strlen(w->rest + next) + 1);
	return true;
}

static int follow(struct walker *w, int link)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof text - 1);

	if (n <= 0)
		return n ? -errno : -ENOENT;
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	text[n] = '\0';
	if (text[0] == '/')
		move_to(w, root);
	return prepend(w, text);
}

static int substitute_self(struct walker *w, const char *name)
{
	char text[48];
	uint32_t tid = process_inner_tid(w->call->tid);
	uint32_t pid = w->call->process ? w->call->process->pid : tid;

	if (!tid)
		return -ESRCH;
	if (!strcmp(name, "self"))
		snprintf(text, sizeof text, "%u", pid);
	else
		snprintf(text, sizeof text, "%u/task/%u", pid, tid);
	return prepend(w, text);
}

/* A link of procfs names an object, not a path: take the object; go on from a directory by its name in the sandbox. */
static int follow_magic(struct walker *w, const char *name, bool last, struct object *o)
{
	o->fd = openat(w->at, name, O_PATH | O_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	int error = object_identify(o);
	if (error)
		return error;
	o->by_descriptor = true;
	walk_check_name(o);
	if (o->unnamed)
		o->held = held_rights(w->call, atoi(name), &o->stat);
	if (last)
		return 0;
	if (!object_is_directory(o))
		return -ENOTDIR;
	if (o->unnamed)
		return -EACCES;
	if (++w->links > LINKS_MAX)
		return -ELOOP;
	close(o->fd);
	o->fd = -1;
	move_to(w, root);
	return prepend(w, o->path);
}

static int step_up(struct walker *w)
{
	char path[OBJECT_PATH_MAX];
	ssize_t n = canonical_path(w->at, path, sizeof path);

	if (n < 0)
		return (int)n;
	if (n == 1)
		return 0; /* `..` of the root is the root */
	int fd = openat(w->at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	move_to(w, fd);
	return 0;
}

static int finish_missing(struct walker *w, const char *name, bool trailing, struct object *o)
{
	o->trailing = trailing;
	o->parent = w->at == root ? fcntl(root, F_DUPFD_CLOEXEC, 3) : w->at;
	w->at = root;
	strcpy(o->name, name);
	return object_name_beneath(o);
}

/* One component. 1: go on, 0: done, or -errno. */
static int step(struct walker *w, const char *name, bool last, bool trailing, unsigned flags, struct object *o)
{
	struct stat s;
	/* A final slash makes a path follow a last link, and the name of an entry name the link. */
	bool entry = last && flags & RESOLVE_PARENT;
	bool takes_link = entry ? flags & RESOLVE_LINK || trailing : last && flags & RESOLVE_LINK && !trailing;

	if (!strcmp(name, "."))
		return 1;
	if (!strcmp(name, "..")) {
		int error = step_up(w);
		return error ? error : 1;
	}
	if ((!strcmp(name, "self") || !strcmp(name, "thread-self")) && is_procfs_root(w->at)) {
		int error = ++w->links > LINKS_MAX ? -ELOOP : substitute_self(w, name);
		return error ? error : 1;
	}
	int fd = openat(w->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && last && flags & RESOLVE_PARENT ? finish_missing(w, name, trailing, o)
									 : -errno;
	if (fstat(fd, &s)) {
		close(fd);
		return -errno;
	}
	if (S_ISLNK(s.st_mode) && !takes_link) {
		bool magic = walk_is_procfs(w->at) && !is_procfs_root(w->at);
		int error = magic ? follow_magic(w, name, last, o) : follow(w, fd);
		close(fd);
		if (error)
			return error;
		if (o->fd < 0)
			return 1;
		return trailing && !object_is_directory(o) ? -ENOTDIR : 0;
	}
	if (!last) {
		if (!S_ISDIR(s.st_mode)) {
			close(fd);
			return -ENOTDIR;
		}
		move_to(w, fd);
		return 1;
	}
	o->fd = fd;
	if (trailing && !entry && !S_ISDIR(s.st_mode))
		return -ENOTDIR;
	if (entry) {
		o->trailing = trailing;
		o->parent = w->at == root ? fcntl(root, F_DUPFD_CLOEXEC, 3) : w->at;
		w->at = root;
		strcpy(o->name, name);
	}
	return object_identify(o);
}

int walk(const struct call *c, const char *absolute, unsigned flags, struct object *o)
{
	return walk_from(c, root, absolute, flags, o);
}

int walk_from(const struct call *c, int base, const char *path, unsigned flags, struct object *o)
{
	struct walker *w = malloc(sizeof *w);
	char name[NAME_MAX + 1];
	bool last, trailing;
	int result = 1;

	object_close(o);
	object_clear(o);
	if (!w) {
		if (base != root)
			close(base);
		return -ENOMEM;
	}
	*w = (struct walker){ .call = c, .at = base };
	strcpy(w->rest, path);
	while (result == 1) {
		if (!take_component(w, name, &last, &trailing)) {
			if (strspn(w->rest, "/") != strlen(w->rest)) {
				result = -ENAMETOOLONG;
				break;
			}
			/* Nothing left: the place where the walk stands. */
			o->fd = fcntl(w->at, F_DUPFD_CLOEXEC, 3);
			result = o->fd < 0 ? -errno : object_identify(o);
			break;
		}
		result = step(w, name, last, trailing, flags, o);
	}
	move_to(w, root);
	free(w);
	return result;
}
