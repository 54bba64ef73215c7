/* Node's IPC framing with JSON serialization: one line of JSON a message, descriptors by SCM_RIGHTS on the same write.
 */
#define _GNU_SOURCE
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/descriptors.h"

#define PATIENCE_MS 10000

int channel_take(void)
{
	const char *text = getenv("NODE_CHANNEL_FD");
	int fd = text ? atoi(text) : -1;

	unsetenv("NODE_CHANNEL_FD");
	unsetenv("NODE_CHANNEL_SERIALIZATION_MODE");
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return fd;
}

/* Reads one line. Node acknowledges each handle before it wants the next. */
static int read_line(int channel, char *line, size_t size)
{
	size_t have = 0;

	while (have < size - 1) {
		struct pollfd p = { .fd = channel, .events = POLLIN };
		int ready = poll(&p, 1, PATIENCE_MS);
		if (ready <= 0)
			return ready < 0 && errno == EINTR ? 0 : -ETIMEDOUT;
		ssize_t n = read(channel, line + have, 1);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n <= 0)
			return -EPIPE;
		if (line[have] == '\n') {
			line[have] = '\0';
			return 0;
		}
		have++;
	}
	return -EPROTO;
}

/* The dialer, which sends what it is given; -1: there is none. */
static int carrier = -1;

void channel_through(int socket)
{
	carrier = socket;
}

/* Of who waits for the next acknowledgement. */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

int channel_send(int channel, const char *type, const char *name, int fd)
{
	char message[256], line[256];
	int n = snprintf(message, sizeof message,
			 "{\"cmd\":\"NODE_HANDLE\",\"type\":\"%s\",\"msg\":{\"listener\":\"%s\"}}\n", type, name);

	if (carrier >= 0)
		return descriptors_send(carrier, message, (size_t)n, &fd, 1);
	pthread_mutex_lock(&turn);
	int error = descriptors_send(channel, message, (size_t)n, &fd, 1);
	if (!error)
		error = read_line(channel, line, sizeof line);
	pthread_mutex_unlock(&turn);
	if (error)
		return error;
	return strstr(line, "NODE_HANDLE_ACK") ? 0 : -EPROTO;
}
