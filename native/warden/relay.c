/* One thread reads what the sandbox sends and waits where the manager is slower; then the sockets fill, and the kernel
 * drops. */
#define _GNU_SOURCE
#include "relay.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "datagram.h"
#include "records.h"

enum { RECEIVE4, RECEIVE6, REPLY4, REPLY6, SOCKETS };

static int fds[SOCKETS] = { -1, -1, -1, -1 };
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* How many one socket may bring before the other has its turn. */
#define BURST 64

/* The number forwarded. */
static unsigned forward(int socket)
{
	static char bytes[WIRE_DATAGRAM_MAX];
	struct wire_datagram ends;
	unsigned forwarded = 0;

	for (unsigned i = 0; i < BURST; i++) {
		ssize_t n = datagram_receive(socket, &ends, bytes, sizeof bytes);
		if (n == -EAGAIN || n == -EWOULDBLOCK)
			break;
		if (n < 0)
			continue;
		struct part parts[] = { { &ends, sizeof ends }, { bytes, (uint32_t)n } };
		records_send_now(WIRE_DATAGRAM, parts, 2);
		forwarded++;
	}
	return forwarded;
}

static void *read_datagrams(void *unused)
{
	struct pollfd p[] = { { .fd = fds[RECEIVE4], .events = POLLIN }, { .fd = fds[RECEIVE6], .events = POLLIN } };

	(void)unused;
	for (;;) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return NULL;
		pthread_mutex_lock(&turn);
		for (unsigned i = 0; i < 2; i++)
			if (p[i].revents)
				forward(fds[i]);
		pthread_mutex_unlock(&turn);
	}
}

int relay_open(const int sockets[SOCKETS])
{
	pthread_t thread;

	for (unsigned i = 0; i < SOCKETS; i++)
		fds[i] = sockets[i];
	int error = pthread_create(&thread, NULL, read_datagrams, NULL);
	if (!error)
		pthread_detach(thread);
	return -error;
}

void relay_finish(void)
{
	pthread_mutex_lock(&turn);
	while (forward(fds[RECEIVE4]) + forward(fds[RECEIVE6]) > 0)
		;
}

static int reply_socket(const struct wire_datagram *ends)
{
	return fds[ends->family == 4 ? REPLY4 : REPLY6];
}

void relay_deliver(const struct wire_datagram *ends, const void *bytes, size_t length)
{
	datagram_deliver(reply_socket(ends), ends, bytes, length);
}

void relay_unreachable(const struct wire_datagram *ends)
{
	datagram_unreachable(reply_socket(ends), ends);
}
