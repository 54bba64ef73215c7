/* Which process a thread is of, by the thread's number. Whoever calls holds the lock of process.c. */
#ifndef WARDEN_THREAD_TABLE_H
#define WARDEN_THREAD_TABLE_H

#include "process.h"

/* NULL: not known. */
struct process *threads_find(pid_t tid);

/* Takes a reference to the process. A process is remembered by its own number for as long as it lives, and by those of
 * its threads as far as there is room for them. */
void threads_add(pid_t tid, struct process *p);

/* Forgets one thread. */
void threads_drop(pid_t tid);

/* Forgets a process, by all its numbers. */
void threads_forget(const struct process *p);

#endif
