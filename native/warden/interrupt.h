/* System calls of the warden that may wait for ever (opening a FIFO). */
#ifndef WARDEN_INTERRUPT_H
#define WARDEN_INTERRUPT_H

#include <stdint.h>

/* Between the two, a system call of this thread that waits returns EINTR every 100 ms: it looks whether the agent's
 * call `id` still lives, and goes on or ends. */
void interrupt_begin(uint64_t id);
void interrupt_end(void);

/* Returns once no thread waits any more for a call whose caller is dead, or after 100 ms. What such a thread holds open
 * would be felt: a FIFO has a reader although its reader was killed. */
void interrupt_settle(void);

/* Called every 100 ms by the control thread. */
void interrupt_check(void);
void interrupt_open(void);

#endif
