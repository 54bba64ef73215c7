/* A call that waits in place of the agent's must not hold up other calls, and must end when the agent's thread dies or
 * has a signal to take: it is tried without waiting first, then another thread listens and this one is woken again and
 * again (interrupt.c).
 */
#define _GNU_SOURCE
#include "patience.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <time.h>

#include "interrupt.h"
#include "pending_signal.h"

static bool may_wait(int socket)
{
	int flags = fcntl(socket, F_GETFL);

	return flags >= 0 && !(flags & O_NONBLOCK);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* When SO_SNDTIMEO ends a wait that begins now: each interruption begins another one in the kernel. 0: never. */
static int64_t deadline(int socket)
{
	struct timeval patience = { 0 };
	socklen_t size = sizeof patience;

	getsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, &size);
	int64_t us = (int64_t)patience.tv_sec * 1000000 + patience.tv_usec;
	return us ? now_us() + us : 0;
}

struct wait {
	const struct call *call;
	int64_t until; /* 0: for ever */
	bool is_noticed;
};

/* After an interruption: true when the call is to go on waiting; else errno says why not. */
static bool is_wanted(struct wait *w)
{
	if (errno != EINTR)
		return false;
	if (w->until && now_us() >= w->until) {
		errno = EAGAIN;
		return false;
	}
	int error = pending_signal_error(w->call->tid, &w->is_noticed);
	if (error) {
		/* What has a time limit is not begun again. Source: sock_intr_errno(). */
		errno = w->until ? EINTR : error;
		return false;
	}
	return call_is_alive(w->call->id);
}

static ssize_t wait_and_send(const struct call *c, int socket, const struct msghdr *m, int flags)
{
	struct wait wait = { .call = c, .until = deadline(socket) };
	ssize_t n;

	call_may_block();
	interrupt_begin(c->id);
	do
		n = sendmsg(socket, m, flags);
	while (n < 0 && is_wanted(&wait));
	int error = errno;
	interrupt_end();
	errno = error;
	return n;
}

ssize_t patient_send(const struct call *c, const struct endpoint *e, const struct msghdr *m, int flags)
{
	flags |= MSG_NOSIGNAL;
	ssize_t n = sendmsg(e->socket, m, flags | MSG_DONTWAIT);
	if (n < 0 && errno == EAGAIN && !(flags & MSG_DONTWAIT) && may_wait(e->socket))
		n = wait_and_send(c, e->socket, m, flags);
	return n < 0 ? -errno : n;
}

int patient_connect(const struct call *c, struct endpoint *e)
{
	if (!may_wait(e->socket) || e->type == SOCK_DGRAM)
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;

	struct wait wait = { .call = c, .until = deadline(e->socket) };
	int result;

	call_may_block();
	interrupt_begin(c->id);
	/* Calling again waits for the connection that is being made. Source: __inet_stream_connect(), SS_CONNECTING. */
	do
		result = connect(e->socket, &e->address.any, e->length);
	while (result && is_wanted(&wait));
	int error = errno;
	interrupt_end();
	return result ? -error : 0;
}
