/* Copies and describes the endpoint of a socket call. */
#define _GNU_SOURCE
#include "endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "handlers.h"
#include "memory.h"

int endpoint_read_address(const struct call *c, unsigned index, struct endpoint *e)
{
	e->length = (socklen_t)c->arguments[index + 1];
	memset(&e->address, 0, sizeof e->address);
	if (e->length > sizeof e->address || (int)e->length < (int)sizeof(sa_family_t))
		return -EINVAL;
	return memory_read(c->tid, c->arguments[index], &e->address, e->length);
}

int endpoint_take_socket(const struct call *c, struct endpoint *e)
{
	socklen_t size = sizeof e->domain;

	if (!c->process)
		return -ESRCH;
	e->socket = process_descriptor(c->process, c->tid, argument_int(c, 0));
	if (e->socket < 0)
		return e->socket;
	if (getsockopt(e->socket, SOL_SOCKET, SO_DOMAIN, &e->domain, &size) ||
	    getsockopt(e->socket, SOL_SOCKET, SO_TYPE, &e->type, &size)) {
		int error = errno;
		close(e->socket);
		return -error;
	}
	return 0;
}

void endpoint_describe(const struct endpoint *e, struct operation *o)
{
	if (e->address.any.sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&e->address.in6.sin6_addr)) {
		o->family = 4;
		memcpy(o->address, e->address.in6.sin6_addr.s6_addr + 12, 4);
		o->port = ntohs(e->address.in6.sin6_port);
	} else if (e->address.any.sa_family == AF_INET6) {
		o->family = 6;
		memcpy(o->address, e->address.in6.sin6_addr.s6_addr, 16);
		o->port = ntohs(e->address.in6.sin6_port);
	} else {
		o->family = 4;
		memcpy(o->address, &e->address.in4.sin_addr, 4);
		o->port = ntohs(e->address.in4.sin_port);
	}
	o->protocol = e->type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
}

bool operation_is_inside(const struct operation *o)
{
	static const uint8_t zero[16], one[16] = { [15] = 1 };

	if (o->family == 4)
		return o->address[0] == 127 || !memcmp(o->address, zero, 4);
	return !memcmp(o->address, one, 16) || !memcmp(o->address, zero, 16);
}

#define DNS_PORT 53

bool operation_is_name_query(const struct operation *o)
{
	return o->port == DNS_PORT;
}

bool endpoint_is_whole_address(const struct endpoint *e)
{
	return e->address.any.sa_family == AF_INET    ? e->length >= sizeof(struct sockaddr_in)
	       : e->address.any.sa_family == AF_INET6 ? e->length >= offsetof(struct sockaddr_in6, sin6_scope_id)
						      : false;
}
