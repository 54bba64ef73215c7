/* The thread that sends: its descriptors and its credentials, for ancillary data. */
#ifndef WARDEN_SENDER_H
#define WARDEN_SENDER_H

#include "ancillary.h"
#include "call.h"

/* Copies and rewrites the control messages at `address` of the agent's memory. 0 or -errno. Give `out` back with
 * ancillary_close in any case. */
int sender_ancillary(const struct call *c, uint64_t address, size_t length, int domain, struct ancillary *out);

/* The signal of a write to a stream that nobody reads (pipe(7)), to the thread that made the call. */
void sender_signal_pipe(const struct call *c);

#endif
