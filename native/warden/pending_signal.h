/* A signal that a waiting thread of the agent should take. */
#ifndef WARDEN_PENDING_SIGNAL_H
#define WARDEN_PENDING_SIGNAL_H

#include <stdbool.h>
#include <sys/types.h>

/* What a call of thread `tid` must fail with so that a pending signal is taken: ERESTARTSYS, EINTR, or 0: there is
 * none. `is_noticed` remembers between two looks. */
int pending_signal_error(pid_t tid, bool *is_noticed);

#endif
