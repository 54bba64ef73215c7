/* Orders for the starter enter, its answers leave. It is a process among the agent's, which may stop or end it: nothing
 * here waits for it.
 */
#define _GNU_SOURCE
#include "starter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/descriptors.h"

static int starter = -1;

int starter_open(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	starter = pair[0];
	return pair[1];
}

int starter_socket(void)
{
	return starter;
}

int starter_receive(struct starter_message *m)
{
	ssize_t n = recv(starter, m, sizeof *m, 0);

	if (n == 0) {
		close(starter);
		starter = -1;
	}
	return n == sizeof *m ? 1 : n == 0 ? 0 : -1;
}

int starter_run(const struct wire_run *order, const char *words, size_t length, const int streams[3])
{
	struct {
		struct starter_message head;
		char words[STARTER_BYTES_MAX];
	} *m = malloc(sizeof *m);

	if (!m)
		return -ENOMEM;
	m->head = (struct starter_message){ .type = STARTER_RUN,
					    .id = order->id,
					    .value = (order->flags & WIRE_RUN_TERMINAL) != 0,
					    .words = order->words };
	memcpy(m->words, words, length);
	int error = starter < 0 ? -ESRCH : descriptors_send(starter, m, sizeof m->head + length, streams, 3);
	free(m);
	return error;
}

void starter_signal(uint32_t id, int32_t number)
{
	const struct starter_message m = { .type = STARTER_SIGNAL, .id = id, .value = number };

	/* Nobody there, or nobody who listens: what it started ends with the sandbox. */
	if (starter >= 0)
		send(starter, &m, sizeof m, MSG_NOSIGNAL);
}
