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
#include "records.h"
#include "syscalls.h"

static uint64_t network;

static int namespace_of(int socket, uint64_t *cookie)
{
	socklen_t size = sizeof *cookie;

	return getsockopt(socket, SOL_SOCKET, SO_NETNS_COOKIE, cookie, &size) ? -errno : 0;
}

int endpoint_open_network(int listener)
{
	return namespace_of(listener, &network);
}

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
	uint64_t cookie = 0;

	if (!c->process)
		return -ESRCH;
	e->socket = process_descriptor(c->process, c->tid, argument_int(c, 0));
	if (e->socket < 0)
		return e->socket;
	int error = getsockopt(e->socket, SOL_SOCKET, SO_DOMAIN, &e->domain, &size) ||
				    getsockopt(e->socket, SOL_SOCKET, SO_TYPE, &e->type, &size)
			    ? -errno
			    : namespace_of(e->socket, &cookie);
	e->foreign = cookie != network;
	if (error)
		close(e->socket);
	return error;
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

int endpoint_judge_internet(const struct call *c, const struct endpoint *e, struct operation *o)
{
	if (e->address.any.sa_family != AF_INET && e->address.any.sa_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (!endpoint_is_whole_address(e))
		return -EINVAL;
	endpoint_describe(e, o);
	if (operation_is_inside(o) || operation_is_name_query(o))
		return 0;
	/* Connecting a datagram socket sends nothing; getaddrinfo(3) does it to sort addresses. The manager judges what
	 * is sent on it. */
	if (o->kind == WIRE_OP_CONNECT && o->protocol == IPPROTO_UDP)
		return 0;
	o->judgement = (struct judgement){ .open = 1, .epoch = decide_epoch(), .observe = decide_observes() };
	/* The manager journals connections: only it knows the name behind a synthetic address. */
	return call_ask(c, o) ? 0 : -EACCES;
}

void endpoint_report_bound(const struct call *c, const struct endpoint *e)
{
	const struct operation nowhere = { .protocol = IPPROTO_TCP };

	if (e->type == SOCK_STREAM && (e->domain == AF_INET || e->domain == AF_INET6))
		endpoint_report_port(c, e, &nowhere);
}

void endpoint_report_port(const struct call *c, const struct endpoint *e, const struct operation *o)
{
	union address local;
	socklen_t size = sizeof local;
	struct wire_connected record = { .pid = c->process->pid,
					 .port = o->port,
					 .family = o->family,
					 .protocol = o->protocol,
					 .line = c->line ? c->line->id : 0 };

	bool stays_inside = operation_is_inside(o) && !operation_is_name_query(o);
	if ((o->protocol == IPPROTO_UDP && stays_inside) || getsockname(e->socket, &local.any, &size))
		return;
	struct endpoint own = { .address = local };
	struct operation socket = { 0 };
	endpoint_describe(&own, &socket);
	record.bound = !o->family;
	if (record.bound)
		record.family = socket.family;
	record.local_port = socket.port;
	memcpy(record.local, socket.address, sizeof record.local);
	memcpy(record.address, o->address, sizeof record.address);
	struct part part = { &record, sizeof record };
	records_send_now(WIRE_CONNECTED, &part, 1);
}

int endpoint_announce(const struct call *c, const struct endpoint *e, const struct operation *o)
{
	const uint32_t line = c->line ? c->line->id : 0;
	union address local = { 0 };
	socklen_t size = sizeof local;

	if (!getsockname(e->socket, &local.any, &size) && !local.in4.sin_port)
		bind(e->socket, &local.any, size);
	endpoint_report_port(c, e, o);
	return setsockopt(e->socket, SOL_SOCKET, SO_MARK, &line, sizeof line) ? -errno : 0;
}

int endpoint_refuse_foreign(const struct call *c)
{
	const char *name = syscall_name(c->number);
	struct operation o = {
		.kind = WIRE_OP_SYSCALL,
		.actions = 1,
		.path = name,
		.length = (uint32_t)strlen(name),
		.judgement = { .denied = 1, .flags = WIRE_FLAG_BUILTIN, .epoch = decide_epoch() },
	};

	call_record(c, &o, EACCES);
	return -EACCES;
}

int endpoint_check_netlink(const struct endpoint *e)
{
	if (e->length < sizeof e->address.netlink || e->address.any.sa_family != AF_NETLINK)
		return -EINVAL;
	return e->address.netlink.nl_pid || e->address.netlink.nl_groups ? -EPERM : 0;
}
