/* The path of the warden's socket enters; a connection to it leaves, in a child of the container's first process, which
 * has the warden's streams and environment and nothing of the image's. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "descriptors.h"
#include "entry.h"

/* More than execve(2) takes. */
#define ENVIRONMENT_MAX ((size_t)16 << 20)
#define ENDED_BY_KILL (128 + SIGKILL)

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t length = strlen(path);

	if (length >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, length);
	int s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (s < 0 || connect(s, (struct sockaddr *)&address, sizeof address))
		return -errno;
	return s;
}

/* All up to the end of file, and a zero byte. The bytes or NULL with errno. */
static char *read_all(int fd, size_t *length)
{
	size_t room = 1 << 16;
	char *text = malloc(room + 1);

	*length = 0;
	while (text) {
		ssize_t n = read(fd, text + *length, room - *length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return NULL;
		*length += (size_t)n;
		text[*length] = '\0';
		if (n == 0)
			return text;
		if (*length < room)
			continue;
		room *= 2;
		if (room > ENVIRONMENT_MAX) {
			errno = E2BIG;
			return NULL;
		}
		text = realloc(text, room + 1);
	}
	return NULL;
}

/* The texts from `*at` up to an empty one or the end, and a NULL; `*at` becomes where the next list begins. */
static char **take_list(char *text, size_t length, size_t *at, unsigned *count)
{
	size_t start = *at;

	*count = 0;
	for (; *at < length && text[*at]; *at += strlen(text + *at) + 1)
		++*count;
	*at = *at < length ? *at + 1 : length;
	char **list = calloc((size_t)*count + 1, sizeof *list);
	for (unsigned i = 0; list && i < *count; i++, start += strlen(text + start) + 1)
		list[i] = text + start;
	return list;
}

/* What the engine and the image put into the environment is dropped: the manager knows it, and what of it may stay. Nor
 * is it left to be read in /proc/1/environ; an engine adds proxies with their passwords. Waits until the manager knows
 * what the image is; nothing at all means that there will be no agent.
 */
static int take_belongings(int fd, mode_t umask, struct belongings *b)
{
	size_t length, at = 0;
	unsigned own, variables;
	char *text = read_all(fd, &length);

	if (!text)
		return -errno;
	for (char **old = environ; *old; old++)
		explicit_bzero(*old, strlen(*old));
	char **words = take_list(text, length, &at, &own);
	char **all = words ? take_list(text, length, &at, &variables) : NULL;
	if (!all)
		return -ENOMEM;
	if (!own)
		return -ECANCELED;
	*b = (struct belongings){ words[0], words + 1, own - 1, { text + at, length - at }, umask };
	environ = all;
	return 0;
}

/* A pipe that ends with the warden; `has_terminal`: the streams are a terminal that nobody controls yet. */
static int take_streams(int socket, bool *has_terminal, struct belongings *belongings)
{
	struct entry_message m;
	int fds[ENTRY_STREAMS_MAX];
	unsigned count;
	ssize_t n = descriptors_receive(socket, &m, sizeof m, fds, ENTRY_STREAMS_MAX, &count);

	*has_terminal = n == sizeof m && m.type == ENTRY_TERMINAL && count == ENTRY_STREAMS_MAX;
	bool is_plain = n == sizeof m && m.type == ENTRY_STREAMS;
	if (!*has_terminal && (!is_plain || (count != ENTRY_STANDARD && count != ENTRY_STREAMS_MAX)))
		return n < 0 ? (int)n : -EPROTO;
	int error = take_belongings(fds[ENTRY_ENVIRONMENT], m.umask & 0777, belongings);
	close(fds[ENTRY_ENVIRONMENT]);
	for (unsigned i = ENTRY_STANDARD; i < count; i++) {
		if (!error && dup2(fds[i], (int)(i - ENTRY_STANDARD)) < 0)
			error = -errno;
		close(fds[i]);
	}
	return error ? error : fds[ENTRY_LIFELINE];
}

static int status_of(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The first process of a pid namespace: whatever is orphaned in it is its child, and all of it ends with it. It ends
 * when the agent does, or when nobody holds the other end of the lifeline. The agent may be the same user, so nothing
 * of it is for others to see, and nothing is left that a capability could do. */
static _Noreturn void stand(pid_t agent, int lifeline)
{
	struct failure failure;
	sigset_t all;
	int status;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	int ended = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (ended < 0 || privileges_drop(&failure) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		_exit(ENDED_BY_KILL);
	for (;;) {
		struct pollfd p[] = { { .fd = lifeline, .events = POLLIN }, { .fd = ended, .events = POLLIN } };
		struct signalfd_siginfo info;
		pid_t pid;

		poll(p, 2, -1);
		if (p[0].revents)
			_exit(ENDED_BY_KILL);
		while (read(ended, &info, sizeof info) == sizeof info)
			;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == agent)
				_exit(status_of(status));
	}
}

int door_enter(const char *path, struct belongings *belongings, struct failure *failure)
{
	int socket = connect_to(path);

	if (socket < 0)
		return failed(failure, socket, "reaching Leash (is the container engine on another machine?)");
	bool has_terminal;
	int lifeline = take_streams(socket, &has_terminal, belongings);
	if (lifeline < 0)
		return failed(failure, lifeline, "taking the agent's streams, environment and files");
	/* The warden knows this process as the first of its namespace: the child is alive only as long as it is. */
	if (getpid() != 1)
		return failed(failure, -EINVAL, "being the first process of the container");
	pid_t agent = fork();
	if (agent < 0)
		return failed(failure, -errno, "starting a process");
	if (agent > 0) {
		close(socket);
		for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
			close(fd);
		stand(agent, lifeline);
	}
	close(lifeline);
	if (has_terminal && (setsid() < 0 || ioctl(STDIN_FILENO, TIOCSCTTY, 0)))
		return failed(failure, -errno, "taking the agent's terminal");
	return socket;
}
