/* A table of open questions by the number of their call, and a list of those that wait for a person. */
#define _GNU_SOURCE
#include "question.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <time.h>

#include "pending_signal.h"
#include "records.h"
#include "resume.h"

#define BUCKETS 1024u
#define CHECK_NANOSECONDS 100000000
/* A look at a held call costs some 30 µs. With more of them than this each one's turn comes less often; the end of a
 * process is noticed at once. */
#define CHECKS 64u

enum state {
	ASKING,	  /* a thread waits for the manager's word */
	ANSWERED, /* the word is there */
	LEAVING,  /* the word was to hold; the handler is on its way back */
	HELD,	  /* no thread has it */
	RESUMED,  /* it was held, and a thread has it or will */
};

struct question {
	struct resumed again; /* and with it the call, as it came from the kernel */
	bool may_hold;
	pid_t tgid;
	enum state state;
	struct wire_answer answer;
	bool was_held;	 /* the manager is told when the call is over */
	bool is_wanted;	 /* WIRE_RESUME came while it was leaving */
	bool is_noticed; /* pending_signal.h */
	struct question *next;
	TAILQ_ENTRY(question) held;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static struct question *buckets[BUCKETS];
/* Other threads only append; what is in it is taken out by the control thread alone. */
static TAILQ_HEAD(held_list, question) held = TAILQ_HEAD_INITIALIZER(held);

/* Caller holds the lock, as of all that follow up to question_open. */
static struct question *find(uint64_t id)
{
	struct question *q = buckets[id % BUCKETS];

	while (q && q->again.call.id != id)
		q = q->next;
	return q;
}

static void drop(struct question *q)
{
	struct question **at = &buckets[q->again.call.id % BUCKETS];

	while (*at != q)
		at = &(*at)->next;
	*at = q->next;
	free(q);
}

static void begin_again(struct question *q)
{
	q->state = RESUMED;
	resume_call(&q->again);
}

struct question *question_open(const struct call *c)
{
	pthread_mutex_lock(&lock);
	struct question *q = find(c->id);
	if (!q) {
		q = calloc(1, sizeof *q);
		if (q) {
			q->again.call = *c;
			q->again.call.process = NULL;
			q->again.call.line = NULL;
			q->again.call.aside = NULL;
			q->tgid = c->process ? c->process->tgid : 0;
			q->next = buckets[c->id % BUCKETS];
			buckets[c->id % BUCKETS] = q;
		}
	}
	if (q) {
		q->state = ASKING;
		q->may_hold = c->aside;
	}
	pthread_mutex_unlock(&lock);
	return q;
}

static void tell_released(uint64_t id)
{
	struct wire_call record = { .id = id };
	struct part part = { &record, sizeof record };

	records_send_now(WIRE_RELEASED, &part, 1);
}

enum wire_word question_await(struct question *q, struct wire_answer *answer)
{
	enum wire_word word = WIRE_REFUSE;
	uint64_t id = q->again.call.id;

	pthread_mutex_lock(&lock);
	while (q->state == ASKING) {
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec++;
		if (pthread_cond_clockwait(&answered, &lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT &&
		    !call_is_alive(id))
			break;
	}
	if (q->state != ASKING) {
		*answer = q->answer;
		word = (enum wire_word)answer->word;
	}
	bool is_misled = word == WIRE_HOLD && !q->may_hold;
	if (is_misled)
		word = WIRE_REFUSE;
	if (word != WIRE_HOLD && !(q->was_held && q->may_hold))
		drop(q);
	else if (word != WIRE_HOLD)
		q->state = RESUMED;
	pthread_mutex_unlock(&lock);
	if (is_misled)
		tell_released(id);
	return word;
}

void question_lay_aside(const struct call *c)
{
	pthread_mutex_lock(&lock);
	struct question *q = find(c->id);
	if (q && q->is_wanted) {
		q->is_wanted = false;
		begin_again(q);
	} else if (q) {
		q->state = HELD;
		TAILQ_INSERT_TAIL(&held, q, held);
	}
	pthread_mutex_unlock(&lock);
}

void question_close(const struct call *c)
{
	pthread_mutex_lock(&lock);
	struct question *q = find(c->id);
	if (q)
		drop(q);
	pthread_mutex_unlock(&lock);
	tell_released(c->id);
}

int question_answer(const struct wire_answer *a)
{
	if (a->word > WIRE_INTERPOSE || (a->word == WIRE_INTERPOSE) != (a->server != 0))
		return -1;
	pthread_mutex_lock(&lock);
	struct question *q = find(a->id);
	bool is_open = q && q->state == ASKING;
	if (is_open) {
		q->answer = *a;
		q->was_held |= a->word == WIRE_HOLD;
		q->state = a->word == WIRE_HOLD ? LEAVING : ANSWERED;
	}
	pthread_cond_broadcast(&answered);
	pthread_mutex_unlock(&lock);
	/* The caller died before the word came. */
	if (!is_open && a->word == WIRE_HOLD)
		tell_released(a->id);
	return 0;
}

void question_resume(uint64_t id)
{
	pthread_mutex_lock(&lock);
	struct question *q = find(id);
	if (q && q->state == LEAVING) {
		q->is_wanted = true;
	} else if (q && q->state == HELD) {
		TAILQ_REMOVE(&held, q, held);
		begin_again(q);
	}
	pthread_mutex_unlock(&lock);
}

/* Takes a held call for good. */
static void release(struct question *q)
{
	uint64_t id = q->again.call.id;

	pthread_mutex_lock(&lock);
	TAILQ_REMOVE(&held, q, held);
	drop(q);
	pthread_mutex_unlock(&lock);
	tell_released(id);
}

/* A filter with WAIT_KILLABLE_RECV lets only a fatal signal end the wait, so that nothing is carried out twice; for a
 * call that has not begun to be carried out that is no reason. The kernel takes ERESTARTSYS as it would have itself:
 * EINTR, or the call again after a handler with SA_RESTART. Source: signal(7), handle_signal(). */
static void look_after(struct question *q)
{
	if (!call_is_alive(q->again.call.id)) {
		release(q);
		return;
	}
	int error = pending_signal_error(q->again.call.tid, &q->is_noticed);
	if (!error)
		return;
	call_fail(&q->again.call, error);
	release(q);
}

static bool is_time(void)
{
	static struct timespec last;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t passed = (now.tv_sec - last.tv_sec) * 1000000000 + now.tv_nsec - last.tv_nsec;
	if (passed < CHECK_NANOSECONDS)
		return false;
	last = now;
	return true;
}

void question_check(void)
{
	if (!is_time())
		return;
	resume_check();
	pthread_mutex_lock(&lock);
	struct question *last = TAILQ_LAST(&held, held_list);
	pthread_mutex_unlock(&lock);
	for (unsigned i = 0; last && i < CHECKS; i++) {
		pthread_mutex_lock(&lock);
		struct question *q = TAILQ_FIRST(&held);
		TAILQ_REMOVE(&held, q, held);
		TAILQ_INSERT_TAIL(&held, q, held);
		pthread_mutex_unlock(&lock);
		bool is_last = q == last;
		look_after(q);
		if (is_last)
			break;
	}
}

void question_forget(pid_t tgid)
{
	struct question *q, *next;

	pthread_mutex_lock(&lock);
	for (q = TAILQ_FIRST(&held); q; q = next) {
		next = TAILQ_NEXT(q, held);
		if (q->tgid != tgid)
			continue;
		uint64_t id = q->again.call.id;
		TAILQ_REMOVE(&held, q, held);
		drop(q);
		tell_released(id);
	}
	pthread_mutex_unlock(&lock);
}
