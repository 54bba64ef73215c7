/* Makes the tree of tree.h: user, mount and pid namespaces, a tmpfs as root with procfs, bind mounts and a second
 * tmpfs. */
#define _GNU_SOURCE
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz.h"

#define HERE "/tmp"
/* Links that lead to each other, five more than the kernel follows. It counts on when it begins a walk again
 * (set_nameidata(), fs/namei.c), so that now and then more than half of what it follows is too many: paths go through
 * all, or few. */
#define CHAIN 45

struct order {
	uint32_t count;
	int cwd;
};

/* What the process holds in common with the fuzzer. */
static struct shared {
	struct question questions[QUESTIONS];
} * shared;
static int channel = -1; /* to the process */
static pid_t keeper;	 /* its parent, outside the pid namespace */

static void check(bool fine, const char *what)
{
	require(fine, "the tree: %s: %s", what, strerror(errno));
}

static void write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	check(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text), file);
	close(fd);
}

static void enter_namespaces(void)
{
	char map[64];
	uid_t uid = geteuid();
	gid_t gid = getegid();

	check(!unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), "namespaces");
	write_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "%u %u 1", uid, uid);
	write_text("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "%u %u 1", gid, gid);
	write_text("/proc/self/gid_map", map);
}

static void make_links(void)
{
	static const struct {
		const char *target, *name;
	} links[] = {
		{ "b", "a/l" },
		{ "..", "a/up" },
		{ "../../..", "a/b/out" },
		{ "/a/b", "abs" },
		{ "loop", "loop" },
		{ "/loop3", "loop2" },
		{ "loop2", "loop3" },
		{ "/none/x", "dangling" },
		{ "a/b/f", "file" },
		{ "/proc/self", "self" },
		{ "/proc/self/cwd", "cwd" },
		{ "proc/self/fd", "fd" },
		{ "/proc/1/root", "top" },
		{ "/proc/self/fd/10", "ten" },
		{ "/proc/self/fd/17", "host" },
		{ "/proc/thread-self/root/a", "me" },
		{ "/t/../a", "t/back" },
		{ "a/", "slash" },
		{ "./././a//b/", "dots" },
	};
	char name[32], target[32];

	for (unsigned i = 0; i < sizeof links / sizeof *links; i++)
		check(!symlink(links[i].target, links[i].name), links[i].name);
	for (unsigned i = 0; i < CHAIN; i++) {
		snprintf(name, sizeof name, "c%u", i);
		snprintf(target, sizeof target, i + 1 < CHAIN ? "c%u" : "a", i + 1);
		check(!symlink(target, name), name);
	}
}

static void make_files(void)
{
	static const char *const directories[] = { "a", "a/b", "a/b/c", "a/gone", "m", "t", "proc", "d (deleted)" };
	static const char *const files[] = { "a/b/f", "a/b/c/g", "a/f (deleted)", "x\ny", "\xff\xfe", "a/\\012", "-" };
	char name[256];

	for (unsigned i = 0; i < sizeof directories / sizeof *directories; i++)
		check(!mkdir(directories[i], 0755), directories[i]);
	for (unsigned i = 0; i < sizeof files / sizeof *files; i++)
		write_text(files[i], files[i]);
	memset(name, 'n', 255);
	name[255] = '\0';
	write_text(name, "long");
	check(!link("a/b/f", "a/h"), "a hard link");
	check(!mkfifo("a/p", 0644), "a fifo");
	make_links();
}

static void make_mounts(void)
{
	check(!mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "procfs");
	check(!mount("a", "m", NULL, MS_BIND, NULL), "a bind mount");
	check(!mount("a/b", "a/b/c", NULL, MS_BIND, NULL), "a directory bound below itself");
	check(!mount("tmpfs", "t", "tmpfs", 0, NULL), "a second tmpfs");
	check(!mkdir("t/d", 0755), "t/d");
	write_text("t/d/e", "other");
}

static void hold(int fd, int number)
{
	check(fd >= 0 && dup3(fd, number, O_CLOEXEC) == number, "a descriptor");
	close(fd);
}

static void hold_things(int host)
{
	int pipes[2];

	hold(open("/a/b", O_RDONLY | O_DIRECTORY), HELD_DIRECTORY);
	hold(open("/a/b/f", O_RDONLY), HELD_FILE);
	check(!pipe(pipes), "a pipe");
	hold(pipes[0], HELD_PIPE);
	write_text("/a/f", "deleted");
	hold(open("/a/f", O_RDWR), HELD_DELETED);
	check(!unlink("/a/f"), "unlink");
	hold(open("/a/gone", O_RDONLY | O_DIRECTORY), HELD_DELETED_DIRECTORY);
	check(!rmdir("/a/gone"), "rmdir");
	check(!link("/a/h", "/a/h2"), "link");
	hold(open("/a/h2", O_RDONLY), HELD_OTHER_NAME);
	check(!unlink("/a/h2"), "unlink");
	hold(open("/", O_PATH | O_DIRECTORY), HELD_ROOT);
	hold(host, HELD_HOST);
	hold(open("/t", O_RDONLY | O_DIRECTORY), HELD_MOUNT);
}

static void build(void)
{
	int host = open("/etc", O_RDONLY | O_DIRECTORY);

	check(!mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	check(!mount("tmpfs", HERE, "tmpfs", 0, NULL), "tmpfs");
	check(!chdir(HERE), "chdir");
	make_files();
	make_mounts();
	check(!syscall(SYS_pivot_root, ".", "."), "pivot_root");
	check(!umount2(".", MNT_DETACH), "the old root");
	check(!chdir("/"), "chdir");
	hold_things(host);
}

static void answer(struct question *q)
{
	struct open_how how = { .flags = (unsigned)q->flags, .resolve = q->restrictions };
	int fd;

	/* EAGAIN: somebody, anywhere on this machine, renamed or mounted while `..` was resolved. Source: openat2(2).
	 */
	do
		fd = q->restrictions ? (int)syscall(SYS_openat2, q->dirfd, q->path, &how, sizeof how)
				     : openat(q->dirfd, q->path, q->flags);
	while (fd < 0 && errno == EAGAIN);
	q->error = fd < 0 || fstat(fd, &q->stat) ? errno : 0;
	if (fd >= 0)
		close(fd);
}

/* The process of the tree. */
static _Noreturn void live(int socket)
{
	struct order o;

	while (recv(socket, &o, sizeof o, 0) == sizeof o) {
		if (fchdir(o.cwd))
			_exit(1);
		for (uint32_t i = 0; i < o.count; i++)
			answer(&shared->questions[i]);
		if (send(socket, &o, sizeof o, 0) != sizeof o)
			break;
	}
	_exit(0);
}

static pid_t start(void (*run)(int), int socket)
{
	pid_t parent = getpid(), pid = fork();

	check(pid >= 0, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent && getppid() != 0)
		_exit(1);
	run(socket);
	_exit(1);
}

static bool with_mover;

static void run_process(int socket)
{
	build();
	pid_t mover = with_mover ? fork() : 0;
	if (with_mover && !mover)
		tree_move_about();
	struct order ready = { 0 };
	check(send(socket, &ready, sizeof ready, 0) == sizeof ready, "send");
	live(socket);
}

/* Parent of the first process of the pid namespace, which alone knows its number outside. */
static void keep(int socket)
{
	enter_namespaces();
	pid_t pid = start(run_process, socket);
	check(send(socket, &pid, sizeof pid, 0) == sizeof pid, "send");
	close(socket);
	waitpid(pid, NULL, 0);
}

void tree_open(struct tree *t, bool moving)
{
	struct stat s;
	struct order ready;
	char path[64];
	int pair[2];
	void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED, "memory");
	shared = memory;
	check(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), "sockets");
	with_mover = moving;
	keeper = start(keep, pair[1]);
	close(pair[1]);
	channel = pair[0];
	*t = (struct tree){ .questions = shared->questions };
	/* Two messages from two senders, in any order. */
	for (int i = 0; i < 2; i++) {
		ssize_t n = recv(channel, &ready, sizeof ready, 0);
		check(n == sizeof ready || n == sizeof t->pid, "the process did not start");
		if (n == sizeof t->pid)
			memcpy(&t->pid, &ready, sizeof t->pid);
	}
	snprintf(path, sizeof path, "/proc/%d/root", t->pid);
	t->root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	check(t->root >= 0 && !fstat(t->root, &s), "the root");
	t->device = s.st_dev;
	check(!fstatat(t->root, "t", &s, 0), "t");
	t->other = s.st_dev;
	check(!fstatat(t->root, "proc", &s, 0), "proc");
	t->procfs = s.st_dev;
}

void tree_ask(struct tree *t, int cwd, uint32_t count)
{
	struct order o = { .count = count, .cwd = cwd };

	(void)t;
	check(send(channel, &o, sizeof o, MSG_NOSIGNAL) == sizeof o && recv(channel, &o, sizeof o, 0) == sizeof o,
	      "the process died");
}

void tree_close(struct tree *t)
{
	close(channel);
	kill(t->pid, SIGKILL); /* the first process of its namespace: all others go with it */
	waitpid(keeper, NULL, 0);
	close(t->root);
	munmap(shared, sizeof *shared);
}
