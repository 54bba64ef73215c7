/* A byte queue with one writer thread. Producers append whole frames; the writer sends what has gathered every few
 * milliseconds, or at once when asked. The queue is bounded: producers wait, so nothing is lost and nothing runs ahead
 * of its record.
 */
#define _GNU_SOURCE
#include "records.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define QUEUE_BYTES (4u << 20)
#define FLUSH_BYTES (64u << 10)
#define FLUSH_NANOSECONDS 5000000L

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled, emptied;
static char *filling, *writing;
static size_t fill;
static bool urgent, waiting, busy;
static int channel = -1;

static void write_all(const char *data, size_t length)
{
	while (length) {
		ssize_t n = send(channel, data, length, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		/* The manager is gone: this session must not go on without a journal. The sandbox dies with this
		 * process. */
		if (n <= 0)
			_exit(125);
		data += n;
		length -= (size_t)n;
	}
}

static void *writer(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&lock);
	for (;;) {
		while (fill == 0) {
			waiting = true;
			pthread_cond_wait(&filled, &lock);
			waiting = false;
		}
		if (!urgent && fill < FLUSH_BYTES) {
			struct timespec until;
			clock_gettime(CLOCK_MONOTONIC, &until);
			until.tv_nsec += FLUSH_NANOSECONDS;
			if (until.tv_nsec >= 1000000000L) {
				until.tv_sec++;
				until.tv_nsec -= 1000000000L;
			}
			while (!urgent && fill < FLUSH_BYTES &&
			       pthread_cond_timedwait(&filled, &lock, &until) != ETIMEDOUT)
				;
		}
		char *batch = filling;
		size_t length = fill;
		filling = writing;
		writing = batch;
		fill = 0;
		urgent = false;
		busy = true;
		pthread_cond_broadcast(&emptied);
		pthread_mutex_unlock(&lock);
		write_all(batch, length);
		pthread_mutex_lock(&lock);
		busy = false;
		pthread_cond_broadcast(&emptied);
	}
	return NULL;
}

void records_open(int fd)
{
	pthread_condattr_t attributes;
	pthread_t thread;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&filled, &attributes);
	pthread_cond_init(&emptied, &attributes);
	channel = fd;
	filling = malloc(QUEUE_BYTES);
	writing = malloc(QUEUE_BYTES);
	if (!filling || !writing || pthread_create(&thread, NULL, writer, NULL))
		_exit(125);
	pthread_detach(thread);
}

static void enqueue(enum wire_type type, const struct part *parts, unsigned count, bool now)
{
	size_t payload = 0;

	for (unsigned i = 0; i < count; i++)
		payload += parts[i].length;
	struct wire_frame frame = { .length = (uint32_t)payload, .type = (uint16_t)type, .version = WIRE_VERSION };

	pthread_mutex_lock(&lock);
	while (fill + sizeof frame + payload > QUEUE_BYTES)
		pthread_cond_wait(&emptied, &lock);
	memcpy(filling + fill, &frame, sizeof frame);
	fill += sizeof frame;
	for (unsigned i = 0; i < count; i++) {
		if (parts[i].length)
			memcpy(filling + fill, parts[i].data, parts[i].length);
		fill += parts[i].length;
	}
	if (now)
		urgent = true;
	/* Waking a thread costs more than the record: only when the writer sleeps, or has a reason to hurry. */
	if (waiting || now || fill >= FLUSH_BYTES)
		pthread_cond_signal(&filled);
	pthread_mutex_unlock(&lock);
}

void records_send(enum wire_type type, const struct part *parts, unsigned count)
{
	enqueue(type, parts, count, false);
}

void records_send_now(enum wire_type type, const struct part *parts, unsigned count)
{
	enqueue(type, parts, count, true);
}

void records_drain(void)
{
	pthread_mutex_lock(&lock);
	while (fill || busy) {
		urgent = true;
		pthread_cond_signal(&filled);
		pthread_cond_wait(&emptied, &lock);
	}
	pthread_mutex_unlock(&lock);
}

void records_fault(enum wire_fault_code code, int error, const char *text)
{
	struct wire_fault fault = { .code = code, .error = error };
	struct part parts[] = { { &fault, sizeof fault }, { text, strlen(text) } };

	records_send_now(WIRE_FAULT, parts, 2);
}
