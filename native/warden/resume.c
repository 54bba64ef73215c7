/* One thread works the queue off and ends with it; another one joins while it waits (a FIFO, a question, exec). So a
 * thousand calls begun at once take a few threads, and one that waits for ever holds up no other.
 */
#define _GNU_SOURCE
#include "resume.h"

#include <pthread.h>

#include "notify.h"

#define STACK_BYTES (512u << 10)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static STAILQ_HEAD(, resumed) queue = STAILQ_HEAD_INITIALIZER(queue);
static unsigned working; /* threads on the queue that do not wait */
static __thread bool is_working;

static bool take(struct call *c)
{
	pthread_mutex_lock(&lock);
	if (!is_working) {
		is_working = true;
		working++;
	}
	struct resumed *r = STAILQ_FIRST(&queue);
	if (r) {
		*c = r->call;
		STAILQ_REMOVE_HEAD(&queue, next);
	} else {
		working--;
	}
	pthread_mutex_unlock(&lock);
	return r;
}

static void *work(void *unused)
{
	struct call c;

	(void)unused;
	is_working = true;
	while (take(&c))
		notify_again(&c);
	return NULL;
}

/* Caller holds the lock. */
static void start(void)
{
	pthread_attr_t attributes;
	pthread_t thread;

	if (working || STAILQ_EMPTY(&queue))
		return;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (!pthread_create(&thread, &attributes, work, NULL))
		working++;
	pthread_attr_destroy(&attributes);
}

void resume_call(struct resumed *r)
{
	pthread_mutex_lock(&lock);
	STAILQ_INSERT_TAIL(&queue, r, next);
	start();
	pthread_mutex_unlock(&lock);
}

void resume_may_block(void)
{
	if (!is_working)
		return;
	is_working = false;
	pthread_mutex_lock(&lock);
	working--;
	start();
	pthread_mutex_unlock(&lock);
}

void resume_check(void)
{
	pthread_mutex_lock(&lock);
	start();
	pthread_mutex_unlock(&lock);
}
