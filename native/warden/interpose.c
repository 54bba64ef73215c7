/* Whose standard input and output lead to a parent is asked about; whom the manager calls a server gets sockets
 * instead, and the manager the other ends. */
#define _GNU_SOURCE
#include "interpose.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"

static atomic_bool required;
static int node = -1;

void interpose_open(int channel)
{
	node = channel;
}

void interpose_require(bool r)
{
	atomic_store(&required, r);
}

/* Pipes, and sockets as socketpair(2) makes them. */
static bool leads_to_a_program(int fd)
{
	int domain, type;
	socklen_t size = sizeof domain;
	struct stat s;

	if (fstat(fd, &s))
		return false;
	if (S_ISFIFO(s.st_mode))
		return true;
	return S_ISSOCK(s.st_mode) && !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) && domain == AF_UNIX &&
	       !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) && type == SOCK_STREAM;
}

static void close_all(const int *fds, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

/* Duplicates of the calling thread's standard input and output. False: they are not both what a server has. */
static bool take_client(const struct call *c, int client[2])
{
	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		client[fd] = process_descriptor(c->process, c->tid, fd);
	if (client[0] >= 0 && client[1] >= 0 && leads_to_a_program(client[0]) && leads_to_a_program(client[1]))
		return true;
	close_all(client, 2);
	return false;
}

/* The manager knows by the name which of the four it gets; one that blocks would block all of it. 0 or -errno. */
static int hand_over(uint32_t server, const char *name, int fd)
{
	char text[32];
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK))
		return -errno;
	snprintf(text, sizeof text, "%s:%u", name, server);
	return channel_send(node, "net.Native", text, fd);
}

/* `pairs`: of each stream the program's end, and the manager's. 0 or -errno. */
static int connect_all(const struct call *c, uint32_t server, const int client[2], int pairs[2][2])
{
	static const char *const names[2][2] = { { "from-client", "to-server" }, { "to-client", "from-server" } };
	int error = 0;

	for (int fd = STDIN_FILENO; !error && fd <= STDOUT_FILENO; fd++) {
		error = hand_over(server, names[fd][0], client[fd]);
		if (!error)
			error = hand_over(server, names[fd][1], pairs[fd][1]);
	}
	for (int fd = STDIN_FILENO; !error && fd <= STDOUT_FILENO; fd++)
		error = call_replace_descriptor(c, fd, pairs[fd][0]);
	return error;
}

static int exchange(const struct call *c, uint32_t server, const int client[2], struct interposed *i)
{
	int pairs[2][2] = { { -1, -1 }, { -1, -1 } }, error = 0;

	for (int fd = STDIN_FILENO; !error && fd <= STDOUT_FILENO; fd++)
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pairs[fd]) ||
		    fstat(pairs[fd][0], &i->streams[fd]))
			error = -errno;
	if (!error)
		error = connect_all(c, server, client, pairs);
	close_all(&pairs[0][0], 4);
	i->is = !error;
	return error;
}

int interpose(const struct call *c, struct operation *o, struct interposed *i, uint32_t *server)
{
	int client[2];
	int error = 0;

	*server = 0;
	i->is = false;
	if (!atomic_load(&required) || !take_client(c, client))
		return 0;
	int64_t number = call_ask_server(c, o);
	if (number > 0) {
		*server = (uint32_t)number;
		error = exchange(c, *server, client, i);
	}
	close_all(client, 2);
	return number < 0 ? (int)number : error;
}

bool interposed_stands(pid_t pid, const struct interposed *i)
{
	char path[64];
	struct stat s;

	for (int fd = STDIN_FILENO; i->is && fd <= STDOUT_FILENO; fd++) {
		snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
		if (stat(path, &s) || s.st_dev != i->streams[fd].st_dev || s.st_ino != i->streams[fd].st_ino)
			return false;
	}
	return true;
}
