/* System calls of the warden that may wait for ever (opening a FIFO). */
#ifndef WARDEN_INTERRUPT_H
#define WARDEN_INTERRUPT_H

/* Between the two, a call of this thread that waits returns EINTR every 100 ms: it looks whether the agent's call still
 * lives, and goes on. */
void interrupt_begin(void);
void interrupt_end(void);

/* Called every 100 ms by the control thread. */
void interrupt_check(void);
void interrupt_open(void);

#endif
