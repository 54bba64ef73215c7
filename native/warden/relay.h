/* Datagrams of the sandbox leave for the manager, which judges them; its answers come back in. */
#ifndef WARDEN_RELAY_H
#define WARDEN_RELAY_H

#include <stddef.h>

#include "wire.h"

/* Takes the last four sockets of ENTRY_LISTENERS and starts the thread that reads the first two. 0 or -errno. */
int relay_open(const int sockets[4]);

/* Once nothing sends any more: what still waits is forwarded too, for good. */
void relay_finish(void);

/* Sends to the agent. A datagram that cannot be sent is lost, as datagrams are. */
void relay_deliver(const struct wire_datagram *ends, const void *bytes, size_t length);
void relay_unreachable(const struct wire_datagram *ends);

#endif
