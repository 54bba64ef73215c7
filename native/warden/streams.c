/* A kind of streams enters; a pseudoterminal or pipes leave. */
#define _GNU_SOURCE
#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void give(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void streams_close(struct streams *s)
{
	if (s->sink != s->source)
		give(&s->sink);
	give(&s->source);
	give(&s->errors);
	if (s->program[1] == s->program[0])
		s->program[1] = -1;
	if (s->program[2] == s->program[0] || s->program[2] == s->program[1])
		s->program[2] = -1;
	for (int i = 0; i < 3; i++)
		give(&s->program[i]);
}

/* TIOCGPTPEER (Linux 4.13): by its path another devpts could answer. */
static int open_terminal(struct streams *s, uint16_t rows, uint16_t columns)
{
	const struct winsize size = { .ws_row = rows, .ws_col = columns };
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC), unlocked = 0;

	if (master < 0)
		return -errno;
	s->source = s->sink = master;
	if (ioctl(master, TIOCSPTLCK, &unlocked))
		return -errno;
	int slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return -errno;
	for (int i = 0; i < 3; i++)
		s->program[i] = slave;
	ioctl(master, TIOCSWINSZ, &size);
	return 0;
}

/* Source: ioctl_tty(2): TIOCGSID of a master tells the session whose controlling terminal the other end is. */
int streams_open_terminal(int master, pid_t session, int flags)
{
	pid_t of = 0;

	if (ioctl(master, TIOCGSID, &of) || of != session) {
		errno = ENXIO;
		return -1;
	}
	return ioctl(master, TIOCGPTPEER, (flags & (O_ACCMODE | O_NONBLOCK)) | O_NOCTTY | O_CLOEXEC);
}

/* `own` and `program`: the ends of a pipe. */
static int open_pipe(int *reader, int *writer)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	*reader = ends[0];
	*writer = ends[1];
	return 0;
}

int streams_open(struct streams *s, enum streams_kind kind, uint16_t rows, uint16_t columns)
{
	*s = (struct streams){
		.terminal = kind == STREAMS_TERMINAL, .program = { -1, -1, -1 }, .source = -1, .sink = -1, .errors = -1
	};
	int error = s->terminal ? open_terminal(s, rows, columns) : open_pipe(&s->source, &s->program[1]);

	if (!error && kind == STREAMS_OUTPUT)
		s->program[2] = s->program[1];
	if (!error && (kind == STREAMS_PIPES || kind == STREAMS_DEAF))
		error = open_pipe(&s->errors, &s->program[2]);
	if (!error && kind == STREAMS_PIPES)
		error = open_pipe(&s->program[0], &s->sink);
	if (!error && kind == STREAMS_DEAF && (s->program[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) < 0)
		error = -errno;
	if (error)
		streams_close(s);
	return error;
}

int streams_enter(const struct streams *s)
{
	if (s->terminal && (setsid() < 0 || ioctl(s->program[0], TIOCSCTTY, 0)))
		return -errno;
	for (int i = 0; i < 3; i++)
		if (s->program[i] >= 0 && dup2(s->program[i], i) < 0)
			return -errno;
	return 0;
}

void streams_keep(struct streams *s)
{
	struct streams program = {
		.program = { s->program[0], s->program[1], s->program[2] }, .source = -1, .sink = -1, .errors = -1
	};

	if (!s->terminal)
		streams_close(&program);
}

void streams_resize(int terminal, uint16_t rows, uint16_t columns)
{
	const struct winsize size = { .ws_row = rows, .ws_col = columns };
	struct winsize before;
	pid_t group = 0;
	bool same = !ioctl(terminal, TIOCGWINSZ, &before) && before.ws_row == rows && before.ws_col == columns;

	if (!same)
		ioctl(terminal, TIOCSWINSZ, &size);
	else if (!ioctl(terminal, TIOCGPGRP, &group) && group > 0)
		kill(-group, SIGWINCH);
}
