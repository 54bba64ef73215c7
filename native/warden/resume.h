/* Held calls that are begun again: a queue and the threads that work it off. */
#ifndef WARDEN_RESUME_H
#define WARDEN_RESUME_H

#include <sys/queue.h>

#include "call.h"

struct resumed {
	struct call call;
	STAILQ_ENTRY(resumed) next;
};

/* Queues the call. `r` must live until notify_again is called for it. */
void resume_call(struct resumed *r);

/* The calling thread is about to wait. When it works on the queue, another one takes its place. */
void resume_may_block(void);

/* Called about every 100 ms: starts the thread that could not be started before. */
void resume_check(void);

#endif
