/* A list of threads that may be waiting for ever, each with the agent's call it works for. */
#define _GNU_SOURCE
#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "call.h"

struct waiter {
	pthread_t thread;
	uint64_t id;
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
	mine = (struct waiter){ .thread = pthread_self(), .id = id, .next = waiters };
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
		if (!call_is_alive(w->id))
			pthread_kill(w->thread, SIGUSR1);
	pthread_mutex_unlock(&lock);
}
