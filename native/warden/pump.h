/* Bytes between a program and the manager. */
#ifndef WARDEN_PUMP_H
#define WARDEN_PUMP_H

struct pump;

/* Carries what `source` has to `socket`, and what comes from there to `sink` (-1: nothing; `source` itself: a
 * terminal), in a thread of its own, until pump_stop. Takes the descriptors, also on failure. NULL with errno set. */
struct pump *pump_start(int source, int sink, int socket);

/* What the program has written is still delivered, as far as the manager takes it; then all three close. `p` is gone.
 */
void pump_stop(struct pump *p);

/* Waits, for a bounded time, for pumps that were stopped. */
void pumps_finish(void);

#endif
