/* A list of threads that may be waiting for ever; each is woken again and again, to see whether it still should. */
#define _GNU_SOURCE
#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

#include "call.h"

#define SETTLE_STEP 500 /* microseconds */
#define SETTLE_STEPS 200

struct waiter {
	uint64_t call;
	pthread_t thread;
	struct waiter *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct waiter *waiters;
static __thread struct waiter mine;

static void wake(int number)
{
	(void)number;
}

void interrupt_open(void)
{
	struct sigaction action = { .sa_handler = wake }; /* no SA_RESTART: the call returns EINTR */

	sigaction(SIGUSR1, &action, NULL);
}

static void mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(how, &set, NULL);
}

void interrupt_begin(uint64_t id)
{
	pthread_mutex_lock(&lock);
	mine = (struct waiter){ .call = id, .thread = pthread_self(), .next = waiters };
	waiters = &mine;
	pthread_mutex_unlock(&lock);
	mask(SIG_UNBLOCK);
}

void interrupt_end(void)
{
	mask(SIG_BLOCK);
	pthread_mutex_lock(&lock);
	struct waiter **at = &waiters;
	while (*at != &mine)
		at = &(*at)->next;
	*at = mine.next;
	pthread_mutex_unlock(&lock);
}

void interrupt_check(void)
{
	pthread_mutex_lock(&lock);
	for (struct waiter *w = waiters; w; w = w->next)
		pthread_kill(w->thread, SIGUSR1);
	pthread_mutex_unlock(&lock);
}

static bool wake_dead(void)
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (struct waiter *w = waiters; w; w = w->next)
		if (!call_is_alive(w->call)) {
			pthread_kill(w->thread, SIGUSR1);
			found = true;
		}
	pthread_mutex_unlock(&lock);
	return found;
}

void interrupt_settle(void)
{
	for (unsigned i = 0; i < SETTLE_STEPS && wake_dead(); i++)
		usleep(SETTLE_STEP);
}
