/* What a person outside asks for enters on a socket, as a process of the sandbox it leaves. The starter went through
 * every step of leash-entry: its children are confined from their first instruction on, and the warden needs no second
 * filter.
 */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "entry.h"

#define STREAMS 3
#define SOCKET 3
#define ABOVE_STREAMS 10

static struct {
	pid_t pid; /* 0: free */
	uint32_t id;
} running[STARTER_COMMANDS_MAX];

static void report(int socket, enum starter_type type, uint32_t id, int value)
{
	const struct starter_message m = { .type = type, .id = id, .value = value };

	send(socket, &m, sizeof m, MSG_NOSIGNAL);
}

/* Splits the texts after the message; false when they are not what it says. */
static bool read_words(char *text, size_t length, uint32_t count, char **words)
{
	char *end = text + length;

	if (!length || end[-1] || count < 2 || count > length)
		return false;
	for (uint32_t i = 0; i < count; i++) {
		if (text == end)
			return false;
		words[i] = text;
		text += strlen(text) + 1;
	}
	words[count] = NULL;
	return text == end;
}

/* The three standard streams were closed here, so any of the numbers may be what arrived. */
static int place_streams(const int fds[STREAMS])
{
	int copies[STREAMS];

	for (int i = 0; i < STREAMS; i++)
		if ((copies[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, ABOVE_STREAMS)) < 0)
			return -errno;
	for (int i = 0; i < STREAMS; i++)
		if (dup2(copies[i], i) < 0)
			return -errno;
	return syscall(SYS_close_range, STREAMS, UINT_MAX, CLOSE_RANGE_CLOEXEC) ? -errno : 0;
}

static _Noreturn void become(int socket, const struct starter_message *m, char **words, const int fds[STREAMS])
{
	struct failure failure;
	/* Above the streams, whatever number it had. */
	int answers = fcntl(socket, F_DUPFD_CLOEXEC, ABOVE_STREAMS);
	int error = setsid() < 0 ? -errno : place_streams(fds);

	if (!error && m->value && ioctl(STDIN_FILENO, TIOCSCTTY, 0))
		error = -errno;
	if (!error && *words[0] && setenv("TERM", words[0], 1))
		error = -errno;
	if (!error)
		error = command_become(words + 1, &failure);
	report(answers, STARTER_FAILED, m->id, -error);
	_exit(error == -ENOENT ? 127 : 126);
}

static void run(int socket, const struct starter_message *m, char *text, size_t length, const int fds[STREAMS])
{
	char **words = malloc((length + 1) * sizeof *words);
	unsigned slot = 0;
	pid_t pid = -1;

	while (slot < STARTER_COMMANDS_MAX && running[slot].pid)
		slot++;
	errno = EAGAIN;
	if (words && slot < STARTER_COMMANDS_MAX && read_words(text, length, m->words, words)) {
		pid = fork();
		if (pid == 0)
			become(socket, m, words, fds);
	}
	if (pid > 0) {
		running[slot].pid = pid;
		running[slot].id = m->id;
	} else {
		report(socket, STARTER_FAILED, m->id, errno);
		report(socket, STARTER_ENDED, m->id, 126 << 8);
	}
	free(words);
}

static void signal_command(const struct starter_message *m)
{
	for (unsigned i = 0; i < STARTER_COMMANDS_MAX; i++)
		if (running[i].pid && running[i].id == m->id)
			kill(-running[i].pid, m->value);
}

static void reap(int socket)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (unsigned i = 0; i < STARTER_COMMANDS_MAX; i++)
			if (running[i].pid == pid) {
				running[i].pid = 0;
				report(socket, STARTER_ENDED, running[i].id, status);
			}
}

/* False at the end of the warden, with which all here ends. */
static bool take_order(int socket)
{
	static union {
		struct starter_message head;
		char bytes[sizeof(struct starter_message) + STARTER_BYTES_MAX];
	} order;
	int fds[STREAMS];
	unsigned count;
	ssize_t n = descriptors_receive(socket, &order, sizeof order, fds, STREAMS, &count);

	if (n == -EAGAIN)
		return true;
	if (n < (ssize_t)sizeof order.head)
		return false;
	if (order.head.type == STARTER_RUN && count == STREAMS)
		run(socket, &order.head, order.bytes + sizeof order.head, (size_t)n - sizeof order.head, fds);
	else if (order.head.type == STARTER_SIGNAL)
		signal_command(&order.head);
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	return true;
}

static void note_child(int number)
{
	(void)number;
}

static _Noreturn void serve(int socket)
{
	struct sigaction act = { .sa_handler = note_child };
	struct pollfd orders = { .fd = SOCKET, .events = POLLIN };
	sigset_t child, none;

	prctl(PR_SET_NAME, "leash-starter");
	/* Out of the agent's process group: keys on its terminal are for the agent. */
	setsid();
	/* Nothing of the agent's, and not the socket that the warden takes for the agent's own. */
	if (socket != SOCKET && dup2(socket, SOCKET) < 0)
		_exit(errno);
	if (syscall(SYS_close_range, 0, SOCKET - 1, 0) || syscall(SYS_close_range, SOCKET + 1, UINT_MAX, 0))
		_exit(errno);
	fcntl(SOCKET, F_SETFD, FD_CLOEXEC);
	/* Children must be heard of whatever else is waited for. */
	fcntl(SOCKET, F_SETFL, O_NONBLOCK);
	sigemptyset(&none);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_SETMASK, &child, NULL);
	sigaction(SIGCHLD, &act, NULL);
	for (;;) {
		int ready = ppoll(&orders, 1, NULL, &none);
		reap(SOCKET);
		if (ready > 0 && !take_order(SOCKET))
			_exit(0);
	}
}

int starter_begin(int socket, struct failure *failure)
{
	int status;

	if (socket < 0)
		return 0;
	pid_t pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid == 0)
			serve(socket);
		_exit(pid < 0 ? errno : 0);
	}
	if (pid > 0 && waitpid(pid, &status, 0) < 0)
		status = errno << 8;
	close(socket);
	if (pid < 0)
		return failed(failure, -errno, "forking the starter of further commands");
	return status ? failed(failure, WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR,
			       "forking the starter of further commands")
		      : 0;
}
