/* A hash table of thread numbers. Numbers are used again, and only an entry that is asked for is found to be of the
 * past: a process that starts threads without end must not be remembered by each of them.
 */
#define _GNU_SOURCE
#include "thread_table.h"

#include <stdbool.h>
#include <stdlib.h>

#define BUCKETS 1024u
#define KEPT 256u /* numbers of one process */

struct entry {
	pid_t tid;
	struct process *process;
	struct entry *next;
};

static struct entry *buckets[BUCKETS];

static struct entry **bucket_of(pid_t tid)
{
	return &buckets[(unsigned)tid % BUCKETS];
}

struct process *threads_find(pid_t tid)
{
	for (struct entry *e = *bucket_of(tid); e; e = e->next)
		if (e->tid == tid)
			return e->process;
	return NULL;
}

static void take_out(struct entry **at)
{
	struct entry *e = *at;

	*at = e->next;
	e->process->threads--;
	process_release(e->process);
	free(e);
}

void threads_drop(pid_t tid)
{
	struct entry **at = bucket_of(tid);

	while (*at && (*at)->tid != tid)
		at = &(*at)->next;
	if (*at)
		take_out(at);
}

/* `spared` is a number that stays, or 0. */
static void forget(const struct process *p, pid_t spared)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		struct entry **at = &buckets[i];
		while (*at) {
			if ((*at)->process == p && (*at)->tid != spared)
				take_out(at);
			else
				at = &(*at)->next;
		}
	}
}

void threads_forget(const struct process *p)
{
	forget(p, 0);
}

void threads_add(pid_t tid, struct process *p)
{
	p->references++;
	if (p->threads >= KEPT)
		forget(p, p->tgid);
	struct entry *e = malloc(sizeof *e);
	if (!e) {
		process_release(p);
		return;
	}
	*e = (struct entry){ .tid = tid, .process = p, .next = *bucket_of(tid) };
	*bucket_of(tid) = e;
	p->threads++;
}
