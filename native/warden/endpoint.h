/* A socket of the agent and the address a call names: both copied, so that neither changes after the verdict. */
#ifndef WARDEN_ENDPOINT_H
#define WARDEN_ENDPOINT_H

#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "call.h"

union address {
	struct sockaddr any;
	struct sockaddr_in in4;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
	struct sockaddr_nl netlink;
	struct sockaddr_storage storage;
};

struct endpoint {
	int socket; /* duplicate of the agent's */
	int domain, type;
	bool foreign; /* of another network namespace: the agent was given it, and did not make it */
	union address address;
	socklen_t length; /* 0: no address */
};

/* Learns from one of its listeners which network namespace is the sandbox's. 0 or -errno. */
int endpoint_open_network(int listener);

/* Copies the address in arguments `index` (pointer) and `index + 1` (length). 0 or -errno. */
int endpoint_read_address(const struct call *c, unsigned index, struct endpoint *e);

/* Duplicates the socket in argument 0; close it. 0 or -errno. */
int endpoint_take_socket(const struct call *c, struct endpoint *e);

/* Fills family, address and port of the record; an IPv4-mapped IPv6 address counts as the IPv4 address it is. */
void endpoint_describe(const struct endpoint *e, struct operation *o);

bool endpoint_is_whole_address(const struct endpoint *e);

/* A socket on which the address of each message counts, and not that of connect(2) alone. */
static inline bool endpoint_is_datagram(const struct endpoint *e)
{
	return e->type == SOCK_DGRAM && e->domain != AF_NETLINK;
}

/* Asks the manager about an internet address. 0 or -errno. */
int endpoint_judge_internet(const struct call *c, const struct endpoint *e, struct operation *o);

/* Tells the manager which process owns the local port, so that proxy and resolver know who speaks. */
void endpoint_report_port(const struct call *c, const struct endpoint *e, const struct operation *o);

/* The same for a TCP socket that was bound: who listens behind a published port. */
void endpoint_report_bound(const struct call *c, const struct endpoint *e);

/* The same for a datagram socket that is about to send, or to be connected. Its port is taken now, as sending would;
 * and each datagram carries the line of the program as a mark, which only this process may set, so that none is taken
 * for another program's that has the port before or after. 0 or -errno. Source: inet_send_prepare(); socket(7),
 * SO_MARK. */
int endpoint_announce(const struct call *c, const struct endpoint *e, const struct operation *o);

/* Records that an address was given for a foreign socket, whose network is not the sandbox's. -EACCES. */
int endpoint_refuse_foreign(const struct call *c);

/* 0 when the address is the kernel itself, to which every user may speak; -EPERM: other receivers take a capability
 * that the warden has over the sandbox's network, and the agent has not. Source: netlink(7). */
int endpoint_check_netlink(const struct endpoint *e);

/* The sandbox's own loopback, and the unspecified address, which means the same to connect(2). */
bool operation_is_inside(const struct operation *o);

/* Every resolver address is Leash's resolver inside the sandbox, and it judges each name itself. */
bool operation_is_name_query(const struct operation *o);

/* Unix sockets (unix(7)): abstract ones belong to the sandbox's network namespace; for the others connecting and
 * sending is writing to the socket file, and binding creates it. 0 or -errno.
 */
int endpoint_check_unix(const struct endpoint *e);
bool endpoint_is_abstract(const struct endpoint *e);
int endpoint_connect_path(const struct call *c, struct endpoint *e);
int endpoint_bind_path(const struct call *c, struct endpoint *e);

/* Resolves and judges the socket file `o` that a datagram is meant for, as `op`, and makes its address name exactly
 * that object as long as it is held. On 0 and on -EACCES give the object back, after recording the operation. */
struct object;
int endpoint_pin_target(const struct call *c, struct endpoint *e, struct operation *op, struct object *o);

#endif
