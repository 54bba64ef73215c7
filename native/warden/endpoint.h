/* A socket of the agent and the address a call names: both copied, so that neither changes after the verdict. */
#ifndef WARDEN_ENDPOINT_H
#define WARDEN_ENDPOINT_H

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
	struct sockaddr_storage storage;
};

struct endpoint {
	int socket; /* duplicate of the agent's */
	int domain, type;
	union address address;
	socklen_t length;
};

/* Copies the address in arguments `index` (pointer) and `index + 1` (length). 0 or -errno. */
int endpoint_read_address(const struct call *c, unsigned index, struct endpoint *e);

/* Duplicates the socket in argument 0; close it. 0 or -errno. */
int endpoint_take_socket(const struct call *c, struct endpoint *e);

/* Fills family, address and port of the record; an IPv4-mapped IPv6 address counts as the IPv4 address it is. */
void endpoint_describe(const struct endpoint *e, struct operation *o);

bool endpoint_is_whole_address(const struct endpoint *e);

/* The sandbox's own loopback, and the unspecified address, which means the same to connect(2). */
bool operation_is_inside(const struct operation *o);

/* Every resolver address is Leash's resolver inside the sandbox, and it judges each name itself. */
bool operation_is_name_query(const struct operation *o);

/* Unix sockets (unix(7)): abstract ones belong to the sandbox's network namespace; for the others connecting is writing
 * to the socket file, and binding creates it. 0 or -errno.
 */
bool endpoint_is_abstract(const struct endpoint *e);
int endpoint_connect_path(const struct call *c, struct endpoint *e);
int endpoint_bind_path(const struct call *c, struct endpoint *e);

#endif
