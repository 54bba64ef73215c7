/* Lines of the manager in, connections to programs inside out; many are made at a time, none waits for another. */
#define _GNU_SOURCE
#include "dialogue.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../lib/descriptors.h"
#include "parcels.h"

/* The manager has at most as many open. */
#define DIALS_MAX 256u
#define PATIENCE_S 10
#define TICK_MS 500

enum state { FREE, CONNECTING, CONNECTED, SENT };

struct dial {
	enum state state;
	uint32_t id;
	uint16_t port;
	int family, socket;
	time_t since;
};

static struct dial dials[DIALS_MAX];
static int channel;
/* Node takes one handle at a time: of a dial, or one of the warden's. */
static struct dial *unacknowledged;
static bool is_parcel_sent;

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static bool say(const char *line, int n, const int *fd)
{
	struct pollfd p = { .fd = channel, .events = POLLOUT };
	int error;

	while ((error = descriptors_send(channel, line, (size_t)n, fd, fd ? 1 : 0)) == -EAGAIN)
		poll(&p, 1, -1);
	return !error;
}

static bool refuse(uint32_t id, int error)
{
	char line[96];
	int n = snprintf(line, sizeof line, "{\"dialled\":%u,\"error\":%d}\n", id, error);

	return say(line, n, NULL);
}

static void end(struct dial *d)
{
	if (d->socket >= 0)
		close(d->socket);
	*d = (struct dial){ .socket = -1 };
}

static int dial(struct dial *d, int family)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	} to = { 0 };
	socklen_t length = family == AF_INET ? sizeof to.in4 : sizeof to.in6;

	if (family == AF_INET)
		to.in4 = (struct sockaddr_in){ .sin_family = AF_INET,
					       .sin_port = htons(d->port),
					       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	else
		to.in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6,
						.sin6_port = htons(d->port),
						.sin6_addr = in6addr_loopback };
	d->family = family;
	d->state = CONNECTING;
	d->socket = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->socket < 0)
		return -errno;
	return connect(d->socket, &to.any, length) && errno != EINPROGRESS ? -errno : 0;
}

/* A socket that was given the very port it dials meets itself when nobody listens (RFC 9293, 3.5). */
static bool is_itself(int socket)
{
	struct sockaddr_storage own, peer;
	socklen_t own_length = sizeof own, peer_length = sizeof peer;

	return !getsockname(socket, (struct sockaddr *)&own, &own_length) &&
	       !getpeername(socket, (struct sockaddr *)&peer, &peer_length) && own_length == peer_length &&
	       !memcmp(&own, &peer, own_length);
}

/* Programs listen on either loopback address. */
static bool fail(struct dial *d, int error)
{
	if (d->family == AF_INET && error == ECONNREFUSED) {
		close(d->socket);
		error = -dial(d, AF_INET6);
		if (!error)
			return true;
	}
	uint32_t id = d->id;
	end(d);
	return refuse(id, error);
}

static bool settle(struct dial *d)
{
	int error = 0;
	socklen_t size = sizeof error;

	if (getsockopt(d->socket, SOL_SOCKET, SO_ERROR, &error, &size))
		error = errno;
	if (!error && is_itself(d->socket))
		error = ECONNREFUSED;
	if (error)
		return fail(d, error);
	d->state = CONNECTED;
	return true;
}

static bool begin(uint32_t id, uint16_t port)
{
	for (struct dial *d = dials; d < dials + DIALS_MAX; d++) {
		if (d->state != FREE)
			continue;
		*d = (struct dial){ .id = id, .port = port, .since = now() };
		int error = dial(d, AF_INET);
		return error ? fail(d, -error) : true;
	}
	return refuse(id, EMFILE);
}

static bool obey(const char *line)
{
	unsigned id, port;
	int length = 0;

	if (sscanf(line, "{\"id\":%9u,\"port\":%5u}%n", &id, &port, &length) == 2 && length && !line[length])
		return port > 0 && port <= UINT16_MAX && begin(id, (uint16_t)port);
	bool is_taken = strstr(line, "NODE_HANDLE_ACK"), is_lost = strstr(line, "NODE_HANDLE_NACK");
	if ((!unacknowledged && !is_parcel_sent) || (!is_taken && !is_lost))
		return false;
	if (is_parcel_sent) {
		is_parcel_sent = false;
		return true;
	}
	uint32_t dialled = unacknowledged->id;
	end(unacknowledged);
	unacknowledged = NULL;
	return is_taken || refuse(dialled, EMFILE);
}

static bool hand_over(void)
{
	const struct parcel *p = parcels_first();
	char line[128];

	if (unacknowledged || is_parcel_sent)
		return true;
	if (p) {
		is_parcel_sent = say(p->line, p->length, &p->fd);
		parcels_drop();
		return is_parcel_sent;
	}
	for (struct dial *d = dials; d < dials + DIALS_MAX && !unacknowledged; d++) {
		if (d->state != CONNECTED)
			continue;
		int n = snprintf(line, sizeof line,
				 "{\"cmd\":\"NODE_HANDLE\",\"type\":\"net.Native\",\"msg\":{\"dialled\":%u}}\n", d->id);
		if (!say(line, n, &d->socket))
			return false;
		close(d->socket);
		d->socket = -1;
		d->state = SENT;
		unacknowledged = d;
	}
	return true;
}

static bool read_lines(void)
{
	static char line[256];
	static size_t have;
	char bytes[4096];
	ssize_t n = read(channel, bytes, sizeof bytes);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			if (have == sizeof line - 1)
				return false;
			line[have++] = bytes[i];
			continue;
		}
		line[have] = '\0';
		have = 0;
		if (!obey(line))
			return false;
	}
	return n > 0;
}

/* Those whose turn has come: a full backlog answers nothing. */
static bool look(const struct pollfd *p, struct dial *const *of, nfds_t count)
{
	time_t at = now();

	for (nfds_t i = 2; i < count; i++) {
		if (p[i].revents && !settle(of[i]))
			return false;
		if (!p[i].revents && at - of[i]->since > PATIENCE_S && !fail(of[i], ETIMEDOUT))
			return false;
	}
	return true;
}

void dialogue(int node, int warden)
{
	struct pollfd p[DIALS_MAX + 2];
	struct dial *of[DIALS_MAX + 2];

	channel = node;
	for (;;) {
		nfds_t count = 2;
		p[0] = (struct pollfd){ .fd = channel, .events = POLLIN };
		p[1] = (struct pollfd){ .fd = parcels_have_room() ? warden : -1, .events = POLLIN };
		for (struct dial *d = dials; d < dials + DIALS_MAX; d++) {
			if (d->state != CONNECTING)
				continue;
			of[count] = d;
			p[count++] = (struct pollfd){ .fd = d->socket, .events = POLLOUT };
		}
		if (poll(p, count, count > 2 ? TICK_MS : -1) < 0 && errno != EINTR)
			return;
		if (p[1].revents && !parcels_take(warden))
			return;
		if (!look(p, of, count) || (p[0].revents && !read_lines()) || !hand_over())
			return;
	}
}
