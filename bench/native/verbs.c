/* verbs COUNT: does each operation COUNT times in the current directory, one timed call after another; prints a line
 * for each: its name, and the 50th and 99th percentile in nanoseconds. What a call needs is made, and what it left is
 * removed, outside the time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int kept = -1, listener = -1;
static struct sockaddr_in address;

static void put(void)
{
	close(open("other", O_CREAT | O_RDWR, 0644));
}
static void take(void)
{
	unlink("other");
}
static void close_kept(void)
{
	close(kept);
}
static int open_read(void)
{
	return kept = open("file", O_RDONLY);
}
static int open_write(void)
{
	return kept = open("file", O_WRONLY);
}
static int create(void)
{
	return kept = open("other", O_CREAT | O_EXCL | O_RDWR, 0644);
}
static void uncreate(void)
{
	close(kept);
	unlink("other");
}
static int do_unlink(void)
{
	return unlink("other");
}
static int do_rename(void)
{
	return rename("other", "moved");
}
static void take_moved(void)
{
	unlink("moved");
}
static int do_link(void)
{
	return link("file", "other");
}
static int do_symlink(void)
{
	return symlink("file", "other");
}
static int do_mkdir(void)
{
	return mkdir("folder", 0755);
}
static void put_folder(void)
{
	mkdir("folder", 0755);
}
static int do_rmdir(void)
{
	return rmdir("folder");
}
static void take_folder(void)
{
	rmdir("folder");
}
static int do_truncate(void)
{
	return truncate("file", 10);
}
static int do_chmod(void)
{
	return chmod("file", 0644);
}
static int do_utimens(void)
{
	return utimensat(AT_FDCWD, "file", NULL, 0);
}
static int do_setxattr(void)
{
	return setxattr("file", "user.bench", "value", 5, 0);
}
static int do_stat(void)
{
	struct stat s;

	return stat("file", &s);
}
static int do_readdir(void)
{
	DIR *d = opendir(".");

	while (d && readdir(d))
		;
	return d ? closedir(d) : -1;
}
static int run(void)
{
	char *argv[] = { "true", NULL };
	pid_t pid;

	if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ))
		return -1;
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}
static int do_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}
static void *nothing(void *argument)
{
	return argument;
}
static int thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, nothing, NULL) ? -1 : pthread_join(t, NULL);
}
static void make_stream(void)
{
	kept = socket(AF_INET, SOCK_STREAM, 0);
}
static int do_connect(void)
{
	return connect(kept, (struct sockaddr *)&address, sizeof address);
}
static void end_connection(void)
{
	close(accept(listener, NULL, NULL));
	close(kept);
}
static void make_datagram(void)
{
	kept = socket(AF_INET, SOCK_DGRAM, 0);
}
static int do_bind(void)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	return bind(kept, (struct sockaddr *)&any, sizeof any);
}
static int do_sendto(void)
{
	return sendto(kept, "x", 1, 0, (struct sockaddr *)&address, sizeof address) == 1 ? 0 : -1;
}

static const struct {
	const char *name;
	void (*before)(void);
	int (*call)(void);
	void (*after)(void);
	int share; /* of COUNT, in percent */
} verbs[] = {
	{ "open-read", NULL, open_read, close_kept, 100 },
	{ "open-write", NULL, open_write, close_kept, 100 },
	{ "create", NULL, create, uncreate, 100 },
	{ "unlink", put, do_unlink, NULL, 100 },
	{ "rename", put, do_rename, take_moved, 100 },
	{ "link", NULL, do_link, take, 100 },
	{ "symlink", NULL, do_symlink, take, 100 },
	{ "mkdir", NULL, do_mkdir, take_folder, 100 },
	{ "rmdir", put_folder, do_rmdir, NULL, 100 },
	{ "truncate", NULL, do_truncate, NULL, 100 },
	{ "chmod", NULL, do_chmod, NULL, 100 },
	{ "utimens", NULL, do_utimens, NULL, 100 },
	{ "setxattr", NULL, do_setxattr, NULL, 100 },
	{ "exec (spawn true, wait)", NULL, run, NULL, 10 },
	{ "connect to loopback", make_stream, do_connect, end_connection, 50 },
	{ "bind", make_datagram, do_bind, close_kept, 100 },
	{ "sendto", make_datagram, do_sendto, close_kept, 100 },
	{ "readdir (opendir to closedir)", NULL, do_readdir, NULL, 100 },
	{ "stat, not mediated", NULL, do_stat, NULL, 100 },
	{ "fork, not mediated", NULL, do_fork, NULL, 30 },
	{ "thread, not mediated", NULL, thread, NULL, 50 },
};

static int by_value(const void *a, const void *b)
{
	const long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000 + t.tv_nsec;
}

int main(int argc, char **argv)
{
	socklen_t size = sizeof address;

	if (argc != 2)
		return 2;
	long count = atol(argv[1]), *taken = calloc((size_t)count, sizeof *taken);
	close(open("file", O_CREAT | O_RDWR, 0644));
	address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 16) ||
	    getsockname(listener, (struct sockaddr *)&address, &size))
		return 1;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		long times = count * verbs[i].share / 100;
		for (long j = 0; j < times; j++) {
			if (verbs[i].before)
				verbs[i].before();
			long start = now();
			int result = verbs[i].call();
			taken[j] = now() - start;
			if (result < 0) {
				perror(verbs[i].name);
				return 1;
			}
			if (verbs[i].after)
				verbs[i].after();
		}
		qsort(taken, (size_t)times, sizeof *taken, by_value);
		printf("%s\t%ld\t%ld\n", verbs[i].name, taken[times / 2], taken[times * 99 / 100]);
	}
	free(taken);
	return 0;
}
