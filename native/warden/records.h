/* Frames to the manager: queued in order, written by one thread, never dropped. */
#ifndef WARDEN_RECORDS_H
#define WARDEN_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "wire.h"

void records_open(int fd);

/* A part of a frame's payload. */
struct part {
	const void *data;
	size_t length;
};

/* Queues one frame. Blocks while the queue is full: a manager that lags slows the agent down instead of losing events.
 */
void records_send(enum wire_type type, const struct part *parts, unsigned count);

/* The same, and wakes the writer at once. */
void records_send_now(enum wire_type type, const struct part *parts, unsigned count);

/* Waits until all queued frames are written. */
void records_drain(void);

/* Reports a failure that a person must read. */
void records_fault(enum wire_fault_code code, int error, const char *text);

#endif
