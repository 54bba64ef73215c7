/* connect, bind and sendto with an address: the address is copied, judged, and the call made here on a duplicate of the
 * agent's socket. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "endpoint.h"
#include "handlers.h"
#include "memory.h"
#include "records.h"

/* Asks the manager about an internet address. 0 or -errno. */
static int judge_internet(const struct call *c, const struct endpoint *e, struct operation *o)
{
	if (!endpoint_is_whole_address(e))
		return -EAFNOSUPPORT;
	endpoint_describe(e, o);
	if (operation_is_inside(o) || operation_is_name_query(o))
		return 0;
	/* Connecting a datagram socket sends nothing; getaddrinfo(3) does it to sort addresses. What is sent on it
	 * meets no route. */
	if (o->kind == WIRE_OP_CONNECT && o->protocol == IPPROTO_UDP)
		return 0;
	o->judgement = (struct judgement){ .open = 1, .epoch = decide_epoch(), .observe = decide_observes() };
	/* The manager journals connections: only it knows the name behind a synthetic address. */
	return call_ask(c, o) ? 0 : -EACCES;
}

/* Tells the manager which process owns the local port, so that proxy and resolver know who speaks. */
static void report_port(const struct call *c, const struct endpoint *e, const struct operation *o)
{
	union address local;
	socklen_t size = sizeof local;
	struct wire_connected record = { .pid = c->process->pid,
					 .port = o->port,
					 .family = o->family,
					 .protocol = o->protocol,
					 .line = c->line ? c->line->id : 0 };

	if ((o->protocol == IPPROTO_UDP && !operation_is_name_query(o)) || getsockname(e->socket, &local.any, &size))
		return;
	record.local_port = ntohs(local.any.sa_family == AF_INET6 ? local.in6.sin6_port : local.in4.sin_port);
	memcpy(record.address, o->address, sizeof record.address);
	struct part part = { &record, sizeof record };
	records_send_now(WIRE_CONNECTED, &part, 1);
}

static int connect_endpoint(const struct call *c, struct endpoint *e)
{
	struct operation op = { .kind = WIRE_OP_CONNECT, .actions = 1 };

	if (e->address.any.sa_family == AF_UNSPEC)
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	if (e->domain == AF_UNIX) {
		if (e->address.any.sa_family != AF_UNIX)
			return -EINVAL;
		if (!endpoint_is_abstract(e))
			return endpoint_connect_path(c, e);
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (e->domain == AF_NETLINK)
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	int error = judge_internet(c, e, &op);
	if (error)
		return error;
	call_may_block();
	error = connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	if (!error || error == -EINPROGRESS)
		report_port(c, e, &op);
	return error;
}

static void answer(const struct call *c, int64_t result)
{
	if (result < 0)
		call_fail(c, (int)-result);
	else
		call_return(c, result);
}

void handle_connect(const struct call *c)
{
	struct endpoint e;
	int error = endpoint_read_address(c, 1, &e);

	if (!error)
		error = endpoint_take_socket(c, &e);
	if (error) {
		answer(c, error);
		return;
	}
	if (call_is_alive(c->id))
		answer(c, connect_endpoint(c, &e));
	close(e.socket);
}

void handle_bind(const struct call *c)
{
	struct endpoint e;
	int error = endpoint_read_address(c, 1, &e);

	if (!error)
		error = endpoint_take_socket(c, &e);
	if (error) {
		answer(c, error);
		return;
	}
	if (call_is_alive(c->id)) {
		if (e.domain == AF_UNIX && e.address.any.sa_family == AF_UNIX && !endpoint_is_abstract(&e))
			error = endpoint_bind_path(c, &e);
		else
			error = bind(e.socket, &e.address.any, e.length) ? -errno : 0;
		answer(c, error);
	}
	close(e.socket);
}

#define DATAGRAM_MAX 65536u

void handle_sendto(const struct call *c)
{
	struct endpoint e;
	struct operation op = { .kind = WIRE_OP_SEND, .actions = 1 };
	size_t length = (size_t)c->arguments[2];
	int error = endpoint_read_address(c, 4, &e);

	if (!error)
		error = endpoint_take_socket(c, &e);
	if (error) {
		answer(c, error);
		return;
	}
	if (e.type == SOCK_STREAM || e.domain == AF_UNIX) {
		/* The address is ignored or refused by the kernel on connected sockets; datagram unix sockets do not
		 * exist here. */
		error = e.domain == AF_UNIX || e.address.any.sa_family == AF_UNSPEC ? -EISCONN : -EOPNOTSUPP;
	} else if (length > DATAGRAM_MAX) {
		error = -EMSGSIZE;
	} else if (e.domain != AF_NETLINK) {
		error = judge_internet(c, &e, &op);
	}
	char *data = error ? NULL : malloc(length + 1);
	if (!error && !data)
		error = -ENOMEM;
	if (!error && length)
		error = memory_read(c->tid, c->arguments[1], data, length);
	if (call_is_alive(c->id)) {
		ssize_t n = error ? 0
				  : sendto(e.socket, data, length, (int)c->arguments[3] | MSG_NOSIGNAL, &e.address.any,
					   e.length);
		answer(c, error ? error : n < 0 ? -errno : n);
	}
	free(data);
	close(e.socket);
}
