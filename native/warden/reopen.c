/* Opens an object that was judged again, by descriptor: a terminal in the agent's own way, a FIFO so that the wait for
 * its other end may be given up. */
#define _GNU_SOURCE
#include "reopen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "commands.h"
#include "interrupt.h"
#include "resolve.h"

/* /dev/tty means the terminal of the process that opens it: the agent's, which may have been
 * made here, or be a pseudo-terminal of the agent's own. */
static int open_terminal(const struct call *c, uint64_t flags)
{
	char path[64], stat[1024];
	int number = 0;

	if (getsid(c->tid) == getsid(0))
		return open("/dev/tty", (int)flags | O_NOCTTY | O_CLOEXEC);
	int fd = commands_open_terminal(getsid(c->tid), (int)flags);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof path, "/proc/%d/stat", c->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, stat, sizeof stat - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return -1;
	stat[n] = '\0';
	/* The name in parentheses may hold anything; fields are counted after the last one. proc_pid_stat(5): tty_nr is
	 * the 7th. */
	const char *after = strrchr(stat, ')');
	if (!after || sscanf(after + 1, " %*c %*d %*d %*d %d", &number) != 1 || !number) {
		errno = ENXIO;
		return -1;
	}
	struct object terminal;
	snprintf(path, sizeof path, "/dev/pts/%u", minor((dev_t)number));
	int error = resolve(c, AT_FDCWD, path, 0, &terminal);
	if (error) {
		errno = ENXIO;
		return -1;
	}
	fd = open(object_handle(terminal.fd).path, (int)flags | O_NOCTTY | O_CLOEXEC);
	object_close(&terminal);
	return fd;
}

/* Has a writer been there since the descriptor of open_quickly was opened? Of an O_PATH descriptor poll(2) says
 * POLLNVAL. Source: pipe_poll(), fs/pipe.c: no POLLHUP before the first writer. */
static bool had_writer(const struct object *o)
{
	struct pollfd p = { .fd = o->fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 && p.revents & (POLLIN | POLLHUP);
}

/* Waits for the other end. A writer that came and went before this open(2) began to wait is not waited for again: the
 * descriptor of open_quickly saw it, and is the result. interrupt_check makes the wait end from time to time.
 */
static int open_fifo(const struct call *c, struct object *o, int flags)
{
	int fd;

	call_may_block();
	interrupt_begin(c->id);
	do {
		fd = had_writer(o) ? fcntl(o->fd, F_DUPFD_CLOEXEC, 3)
				   : open(object_handle(o->fd).path, flags | O_NOCTTY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR && call_is_alive(c->id));
	int error = fd < 0 ? errno : 0;
	if (fd < 0) {
		close(o->fd);
		o->fd = -1;
	}
	interrupt_end();
	if (fd >= 0)
		fcntl(fd, F_SETFL, flags & O_NOATIME);
	errno = error;
	return fd;
}

int reopen_object(const struct call *c, const struct open_request *r, struct object *o)
{
	uint64_t flags = r->flags & ~(uint64_t)(O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
	int fd;

	if (S_ISLNK(o->stat.st_mode))
		return -ELOOP;
	if (S_ISFIFO(o->stat.st_mode))
		interrupt_settle();
	if (S_ISCHR(o->stat.st_mode) && o->stat.st_rdev == makedev(5, 0)) {
		fd = open_terminal(c, flags);
	} else if (S_ISFIFO(o->stat.st_mode) && !(flags & O_NONBLOCK) && (flags & O_ACCMODE) != O_RDWR) {
		fd = open_fifo(c, o, (int)flags);
	} else {
		fd = open(object_handle(o->fd).path, (int)flags | O_NOCTTY | O_CLOEXEC);
	}
	return fd < 0 ? -errno : fd;
}
