/* Paths that an agent might write, resolved by the warden and by the kernel for a process that lives in the tree: the
 * same object, or an error; never another object, never one by a name that leads elsewhere. With `moving` in
 * place of a corpus, while another process renames in the tree: never an object outside it.
 */
#define _GNU_SOURCE
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../warden/handlers.h"
#include "../warden/resolve.h"
#include "../warden/walk.h"
#include "tree.h"

enum manner { FOLLOWED, LINK, PARENT, OPENED, RESTRICTED, MANNERS };

static struct tree tree;
static bool is_moving;
static struct process process;
static struct call call;
static enum manner manners[QUESTIONS];
static unsigned waiting;
static unsigned long same, both_failed, stricter, missing, outside_names;

void fuzz_open(char *const *files, unsigned count)
{
	is_moving = count > 0 && !strcmp(files[0], "moving");
	tree_open(&tree, is_moving);
	resolve_open_root(tree.root);
	process = (struct process){ .tgid = tree.pid, .pid = 1, .references = 1 };
	call = (struct call){ .tid = tree.pid, .process = &process };
}

static const char *const words[] = {
	"a",	    "b",    "c",      "f",     "l",	      "up",	     "abs",	    "loop",	"loop2",
	"dangling", "file", "self",   "cwd",   "fd",	      "top",	     "ten",	    "host",	"me",
	"slash",    "dots", "c0",     "c30",   "c30",	      "m",	     "t",	    "d",	"e",
	"g",	    "h",    "p",      "out",   "back",	      "x",	     "x\ny",	    "\xff\xfe", "-",
	"proc",	    "self", "root",   "1",     "task",	      "exe",	     "thread-self", "fd",	"cwd",
	"10",	    "11",   "12",     "13",    "14",	      "15",	     "16",	    "17",	"18",
	"0",	    "maps", "ns",     "net",   "f (deleted)", "d (deleted)", "..",	    "..",	"..",
	".",	    "",	    "status", "a/b/c", "none",	      "gone",	     "\\012",	    "fdinfo",	"mem",
};

/* Paths that lead somewhere, to go on from. */
static const char *const beginnings[] = {
	"/a",
	"/a/b/c",
	"/a/l",
	"/abs",
	"/m/b",
	"/t/d",
	"/t/back",
	"/proc/self/fd/10",
	"/proc/1",
	"/fd",
	"/self",
	"/cwd",
	"/top",
	"/proc/self",
	"/proc/self/fd",
	"/proc/self/root",
	"/c30",
	"/dots",
	"/slash",
	"/file",
	"/proc/self/cwd",
	"/proc/self/task/1",
	"/me",
	"/proc/thread-self",
	"/ten",
	"/a/up",
	"/m/up",
	"..",
	".",
	"/proc/sys/kernel",
	"/host",
	"/proc/self/fd/14",
};

static const char *const likely[] = { "..", ".", "", "b", "f", "l", "a", "d", "10", "p", "cwd", "up" };

static size_t append(char path[static TREE_PATH_MAX], size_t length, const char *text, size_t n)
{
	if (length + n + 1 >= TREE_PATH_MAX)
		return length;
	memcpy(path + length, text, n);
	return length + n;
}

static void random_path(struct random *r, char path[static TREE_PATH_MAX])
{
	static char many[300];
	uint32_t left = random_one_in(r, 200) ? random_below(r, 2000) : random_below(r, 3);
	size_t length = 0;

	memset(many, 'n', sizeof many);
	if (!random_one_in(r, 4)) {
		const char *start = beginnings[random_below(r, sizeof beginnings / sizeof *beginnings)];
		length = append(path, 0, start, strlen(start));
	} else if (random_one_in(r, 2)) {
		left++;
	}
	for (; left; left--) {
		const char *word = !random_one_in(r, 4) ? likely[random_below(r, sizeof likely / sizeof *likely)]
							: words[random_below(r, sizeof words / sizeof *words)];
		if (length || random_one_in(r, 2))
			length = append(path, length, "/", 1);
		if (random_one_in(r, 100))
			length = append(path, length, many, 250 + random_below(r, 10));
		else
			length = append(path, length, word, strlen(word));
	}
	if (random_one_in(r, 8))
		length = append(path, length, "/", 1);
	path[length] = '\0';
	if (random_one_in(r, 20) && length) {
		mutate(r, (uint8_t *)path, &length, TREE_PATH_MAX - 1);
		path[length] = '\0';
	}
}

static const char *name_of(const struct question *q)
{
	static char text[TREE_PATH_MAX + 64];

	snprintf(text, sizeof text, "descriptor %d, flags %x, restrictions %x, path <%s>", q->dirfd, (unsigned)q->flags,
		 (unsigned)q->restrictions, q->path);
	return text;
}

/* What a judged path says must be where the object is. */
static void check_name(const struct question *q, const struct object *o)
{
	struct open_how how = { .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	struct stat s;

	require(o->path[0] == '/' && strlen(o->path) == o->length, "%s: the name is %s", name_of(q), o->path);
	int fd = (int)syscall(SYS_openat2, tree.root, o->path, &how, sizeof how);
	require(fd >= 0 && !fstat(fd, &s), "%s: %s leads nowhere", name_of(q), o->path);
	require(s.st_dev == o->stat.st_dev && (s.st_ino == o->stat.st_ino || s.st_dev == tree.procfs),
		"%s: %s is another object", name_of(q), o->path);
	close(fd);
}

static bool is_of_tree(const struct stat *s)
{
	return s->st_dev == tree.device || s->st_dev == tree.other || s->st_dev == tree.procfs;
}

static void check_object(const struct question *q, const struct object *o)
{
	bool is_same = !q->error && q->stat.st_dev == o->stat.st_dev &&
		       (q->stat.st_ino == o->stat.st_ino || q->stat.st_dev == tree.procfs);

	require(o->unnamed || is_of_tree(&o->stat), "%s: %s is outside", name_of(q), o->path);
	outside_names += o->unnamed;
	if (is_moving)
		return;
	/* The name of an entry with a slash behind it means the entry, also a link; whoever asked looks at the slash.
	 */
	if (o->trailing) {
		if (!o->unnamed)
			check_name(q, o);
		return;
	}
	/* A link that starts at the root leaves the mount, says the kernel of a relative path (nd_jump_root(),
	 * fs/namei.c); the warden knows the root, and that it is the same mount. */
	if (q->restrictions == RESOLVE_NO_XDEV && q->error == EXDEV)
		return;
	require(is_same, "%s: %s, but the kernel says %s (device %lx, inode %lu; here %lx, %lu)", name_of(q), o->path,
		q->error ? strerror(q->error) : "another object", q->stat.st_dev, q->stat.st_ino, o->stat.st_dev,
		o->stat.st_ino);
	if (!o->unnamed)
		check_name(q, o);
	same++;
}

/* An entry that is not there: its parent must be a directory of the tree. */
static void check_missing(const struct question *q, const struct object *o)
{
	struct stat s;

	require(o->parent >= 0 && !fstat(o->parent, &s) && S_ISDIR(s.st_mode) && is_of_tree(&s),
		"%s: the parent is no directory of the tree", name_of(q));
	require(o->name[0] && !strchr(o->name, '/') && strcmp(o->name, ".") && strcmp(o->name, ".."),
		"%s: the entry is called <%s>", name_of(q), o->name);
	require(is_moving || q->error == ENOENT, "%s: missing, but the kernel says %d", name_of(q), q->error);
	missing++;
}

static int resolve_in(enum manner manner, const struct question *q, struct object *o)
{
	unsigned flags = q->flags & O_NOFOLLOW ? RESOLVE_LINK : 0;

	switch (manner) {
	case OPENED:
		return resolve_open(&call, q->dirfd, q->path, O_NONBLOCK | O_NOCTTY | (unsigned)(q->flags & O_NOFOLLOW),
				    o);
	case RESTRICTED:
		return resolve_restricted(&call, q->dirfd, q->path, flags, q->restrictions, o);
	case PARENT:
		return resolve(&call, q->dirfd, q->path, RESOLVE_PARENT | flags, o);
	default:
		return resolve(&call, q->dirfd, q->path, flags, o);
	}
}

static void compare(const struct question *q, enum manner manner)
{
	struct object o;
	int error = resolve_in(manner, q, &o);

	if (error) {
		require(error < 0 && error > -4096, "%s: %d is no error", name_of(q), error);
		require(o.fd < 0 && o.parent < 0, "%s: failed, and holds something", name_of(q));
		if (q->error)
			both_failed++;
		else
			stricter++;
		return;
	}
	if (o.fd >= 0)
		check_object(q, &o);
	else
		check_missing(q, &o);
	object_close(&o);
}

static void answer_waiting(struct random *r)
{
	static const int places[] = { HELD_DIRECTORY, HELD_DELETED_DIRECTORY, HELD_ROOT, HELD_MOUNT, HELD_ROOT };
	int spare = dup(STDIN_FILENO);

	tree_ask(&tree, places[random_below(r, sizeof places / sizeof *places)], waiting);
	for (unsigned i = 0; i < waiting; i++)
		compare(&tree.questions[i], manners[i]);
	waiting = 0;
	/* Descriptors are given out from the lowest free one. */
	close(spare);
	int again = dup(STDIN_FILENO);
	require(again == spare, "a descriptor was left open: %d is taken", spare);
	close(again);
}

void fuzz_one(struct random *r)
{
	static const uint64_t restrictions[] = { RESOLVE_BENEATH, RESOLVE_IN_ROOT, RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV,
						 RESOLVE_NO_MAGICLINKS };
	struct question *q = &tree.questions[waiting];
	enum manner manner = (enum manner)random_below(r, MANNERS);

	manners[waiting] = manner;
	q->dirfd = random_one_in(r, 2) ? AT_FDCWD : (int)(9 + random_below(r, HELD_END - 9));
	/* A path from a directory of the host is text to the warden, and leads from the sandbox's root. */
	if (q->dirfd == HELD_HOST && !is_moving)
		q->dirfd = HELD_DIRECTORY;
	q->flags = O_PATH | O_CLOEXEC | (manner == LINK || random_one_in(r, 3) ? O_NOFOLLOW : 0);
	q->restrictions = manner == RESTRICTED ? restrictions[random_below(r, 5)] : 0;
	random_path(r, q->path);
	if (++waiting == QUESTIONS)
		answer_waiting(r);
}

void fuzz_close(char *summary, size_t size)
{
	struct random r = { .state = 1 };

	if (waiting)
		answer_waiting(&r);
	tree_close(&tree);
	snprintf(summary, size,
		 "%lu the same object, %lu failed both ways, %lu refused here only, %lu missing, %lu unnamed", same,
		 both_failed, stricter, missing, outside_names);
}
