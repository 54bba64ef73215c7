/* Datagrams with both their ends: captured by a transparent socket, answered by a raw one in the same network
 * namespace. */
#ifndef LEASH_DATAGRAM_H
#define LEASH_DATAGRAM_H

#include <stddef.h>
#include <sys/types.h>

#include "wire.h"

/* Receives one, without waiting. The bytes, cut to `room`, or -errno: -EAGAIN when there is none, -EPROTO when it does
 * not say where it was sent to. `socket` has IP_RECVORIGDSTADDR or IPV6_RECVORIGDSTADDR, and SO_RCVMARK: `line` becomes
 * the mark. */
ssize_t datagram_receive(int socket, struct wire_datagram *ends, void *bytes, size_t room);

/* Sends one to the agent, as from its peer. `raw` is of IPPROTO_RAW and of the family of `ends`. 0 or -errno. */
int datagram_deliver(int raw, const struct wire_datagram *ends, const void *bytes, size_t length);

/* Tells the agent that nobody receives at its peer: its next call on a connected socket fails with ECONNREFUSED.
 * Source: RFC 792, RFC 4443 (port unreachable); ip(7), IP_RECVERR. 0 or -errno. */
int datagram_unreachable(int raw, const struct wire_datagram *ends);

#endif
