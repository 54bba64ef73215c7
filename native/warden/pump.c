/* A terminal or pipes of a program on one side and a socket of the manager on the other; bytes enter on either and
 * leave on the other, 64 KiB at a time: who does not read holds up only the other end of the same stream.
 */
#define _GNU_SOURCE
#include "pump.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define FLOW_BYTES (64u << 10)
#define STACK_BYTES (128u << 10)
#define LAST_TRIES 200
#define LAST_MS 10
#define FINISH_MS 3000

struct flow {
	int from, to; /* -1: over */
	size_t at, length;
	char bytes[FLOW_BYTES];
};

struct pump {
	int source, sink, socket, stop;
	struct flow up, down;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned alive;

static bool is_passing(void)
{
	return errno == EAGAIN || errno == EINTR;
}

static bool is_full(const struct flow *f)
{
	return f->at < f->length;
}

/* True when bytes moved. */
static bool move(struct flow *f)
{
	if (!is_full(f) && f->from >= 0) {
		ssize_t n = read(f->from, f->bytes, sizeof f->bytes);
		if (n <= 0 && !(n < 0 && is_passing()))
			f->from = -1;
		f->at = 0;
		f->length = n > 0 ? (size_t)n : 0;
	}
	if (!is_full(f))
		return false;
	/* SIGPIPE is blocked in every thread. */
	ssize_t n = write(f->to, f->bytes + f->at, f->length - f->at);
	if (n < 0 && !is_passing()) {
		f->from = -1;
		f->length = f->at;
	}
	if (n > 0)
		f->at += (size_t)n;
	return n > 0;
}

static struct pollfd reading(const struct flow *f)
{
	return (struct pollfd){ .fd = is_full(f) ? -1 : f->from, .events = POLLIN };
}

static struct pollfd writing(const struct flow *f)
{
	return (struct pollfd){ .fd = is_full(f) ? f->to : -1, .events = POLLOUT };
}

/* The end of what the manager sends is the end of the program's input; a terminal has none. */
static void close_input(struct pump *p)
{
	if (p->down.from >= 0 || is_full(&p->down) || p->sink < 0 || p->sink == p->source)
		return;
	close(p->sink);
	p->sink = -1;
}

static void carry(struct pump *p)
{
	bool ending = false, said = false;

	for (int tries = 0; tries < LAST_TRIES; tries += ending) {
		struct pollfd ready[] = { { .fd = ending ? -1 : p->stop, .events = POLLIN },
					  reading(&p->up),
					  writing(&p->up),
					  reading(&p->down),
					  writing(&p->down) };
		poll(ready, 5, ending ? LAST_MS : -1);
		ending = ending || ready[0].revents;
		bool moved = move(&p->up);
		move(&p->down);
		close_input(p);
		if (p->up.from < 0 && !is_full(&p->up) && !said)
			said = !shutdown(p->socket, SHUT_WR);
		if (ending && !moved && !is_full(&p->up))
			return;
	}
}

static void discard(struct pump *p)
{
	if (p->sink >= 0 && p->sink != p->source)
		close(p->sink);
	close(p->source);
	close(p->socket);
	close(p->stop);
	free(p);
}

static void *run(void *argument)
{
	carry(argument);
	discard(argument);
	pthread_mutex_lock(&lock);
	alive--;
	pthread_mutex_unlock(&lock);
	return NULL;
}

static int start_thread(struct pump *p)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&lock);
	int error = pthread_create(&thread, &attributes, run, p);
	alive += !error;
	pthread_mutex_unlock(&lock);
	pthread_attr_destroy(&attributes);
	return error;
}

static void stop_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

struct pump *pump_start(int source, int sink, int socket)
{
	struct pump *p = calloc(1, sizeof *p);

	if (!p) {
		close(source);
		close(socket);
		if (sink >= 0 && sink != source)
			close(sink);
		errno = ENOMEM;
		return NULL;
	}
	p->source = source;
	p->sink = sink;
	p->socket = socket;
	p->stop = eventfd(0, EFD_CLOEXEC);
	p->up.from = source;
	p->up.to = p->down.from = socket;
	p->down.to = sink;
	if (sink < 0)
		p->down.from = -1;
	else
		stop_blocking(sink);
	stop_blocking(source);
	stop_blocking(socket);
	int error = p->stop < 0 ? errno : start_thread(p);
	if (!error)
		return p;
	discard(p);
	errno = error;
	return NULL;
}

void pump_stop(struct pump *p)
{
	const uint64_t one = 1;

	if (write(p->stop, &one, sizeof one) != sizeof one)
		abort(); /* eventfd(2): cannot fail before 2^64 - 1 */
}

void pumps_finish(void)
{
	unsigned left = 1;

	for (int ms = 0; left && ms < FINISH_MS; ms++) {
		pthread_mutex_lock(&lock);
		left = alive;
		pthread_mutex_unlock(&lock);
		if (left)
			usleep(1000);
	}
}
