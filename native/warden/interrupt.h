/* System calls of the warden that may wait for ever (opening a FIFO): ended when the agent's call is. */
#ifndef WARDEN_INTERRUPT_H
#define WARDEN_INTERRUPT_H

#include <stdint.h>

/* Between the two, the calling thread is interrupted (EINTR) soon after the agent's call `id` is gone. */
void interrupt_begin(uint64_t id);
void interrupt_end(void);

/* Called every 100 ms by the control thread. */
void interrupt_check(void);
void interrupt_open(void);

#endif
