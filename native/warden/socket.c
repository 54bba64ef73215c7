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

#include "handlers.h"
#include "memory.h"
#include "records.h"
#include "resolve.h"

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

static int read_address(const struct call *c, unsigned index, struct endpoint *e)
{
	e->length = (socklen_t)c->arguments[index + 1];
	memset(&e->address, 0, sizeof e->address);
	if (e->length > sizeof e->address || (int)e->length < (int)sizeof(sa_family_t))
		return -EINVAL;
	return memory_read(c->tid, c->arguments[index], &e->address, e->length);
}

static int take_socket(const struct call *c, struct endpoint *e)
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

/* Fills family, address and port of the record; an IPv4-mapped IPv6 address counts as the IPv4 address it is. */
static void describe(const struct endpoint *e, struct operation *o)
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

/* The sandbox's own loopback, and the unspecified address, which means the same to connect(2). */
static bool is_inside(const struct operation *o)
{
	static const uint8_t zero[16], one[16] = { [15] = 1 };

	if (o->family == 4)
		return o->address[0] == 127 || !memcmp(o->address, zero, 4);
	return !memcmp(o->address, one, 16) || !memcmp(o->address, zero, 16);
}

#define DNS_PORT 53

/* Every resolver address is Leash's resolver inside the sandbox, and it judges each name itself. */
static bool is_name_query(const struct operation *o)
{
	return o->port == DNS_PORT;
}

static bool is_whole_address(const struct endpoint *e)
{
	return e->address.any.sa_family == AF_INET    ? e->length >= sizeof(struct sockaddr_in)
	       : e->address.any.sa_family == AF_INET6 ? e->length >= offsetof(struct sockaddr_in6, sin6_scope_id)
						      : false;
}

/* Asks the manager about an internet address. 0 or -errno. */
static int judge_internet(const struct call *c, const struct endpoint *e, struct operation *o)
{
	if (!is_whole_address(e))
		return -EAFNOSUPPORT;
	describe(e, o);
	if (is_inside(o) || is_name_query(o))
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
	struct wire_connected record = {
		.pid = c->process->pid, .port = o->port, .family = o->family, .protocol = o->protocol
	};

	if ((o->protocol == IPPROTO_UDP && !is_name_query(o)) || getsockname(e->socket, &local.any, &size))
		return;
	record.local_port = ntohs(local.any.sa_family == AF_INET6 ? local.in6.sin6_port : local.in4.sin_port);
	memcpy(record.address, o->address, sizeof record.address);
	struct part part = { &record, sizeof record };
	records_send_now(WIRE_CONNECTED, &part, 1);
}

static bool is_abstract(const struct endpoint *e)
{
	return e->length <= offsetof(struct sockaddr_un, sun_path) || e->address.un.sun_path[0] == '\0';
}

static void unix_path(const struct endpoint *e, char path[static 128])
{
	size_t n = e->length - offsetof(struct sockaddr_un, sun_path);

	memcpy(path, e->address.un.sun_path, n);
	path[n] = '\0';
}

/* Replaces the path of a unix address by one that names exactly the object held. */
static void pin_path(struct endpoint *e, const char *path)
{
	snprintf(e->address.un.sun_path, sizeof e->address.un.sun_path, "%s", path);
	e->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1);
}

/* Connecting to a socket file is writing to it. Source: unix(7). */
static int connect_path(const struct call *c, struct endpoint *e)
{
	char path[128];
	struct object o;

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, 0, &o);
	if (error)
		return error;
	struct operation op = { .kind = WIRE_OP_CONNECT, .actions = WIRE_WRITE, .path = o.path, .length = o.length };
	if (!S_ISSOCK(o.stat.st_mode)) {
		error = -ECONNREFUSED;
	} else if (o.unnamed || !call_judge(c, &op, TABLE_FILE)) {
		error = -EACCES;
	} else {
		pin_path(e, object_handle(o.fd).path);
		error = connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (op.judgement.epoch)
		call_record(c, &op, error == -EINPROGRESS ? 0 : -error);
	object_close(&o);
	return error;
}

static int connect_endpoint(const struct call *c, struct endpoint *e)
{
	struct operation op = { .kind = WIRE_OP_CONNECT, .actions = 1 };

	if (e->address.any.sa_family == AF_UNSPEC)
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	if (e->domain == AF_UNIX) {
		if (e->address.any.sa_family != AF_UNIX)
			return -EINVAL;
		if (!is_abstract(e))
			return connect_path(c, e);
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
	int error = read_address(c, 1, &e);

	if (!error)
		error = take_socket(c, &e);
	if (error) {
		answer(c, error);
		return;
	}
	if (call_is_alive(c->id))
		answer(c, connect_endpoint(c, &e));
	close(e.socket);
}

static int bind_path(const struct call *c, struct endpoint *e)
{
	char path[128], pinned[sizeof e->address.un.sun_path];
	struct object o;

	unix_path(e, path);
	int error = resolve(c, AT_FDCWD, path, RESOLVE_PARENT | RESOLVE_LINK, &o);
	if (error)
		return error;
	struct operation op = { .kind = WIRE_OP_BIND, .actions = WIRE_CREATE, .path = o.path, .length = o.length };
	int n = snprintf(pinned, sizeof pinned, "/proc/self/fd/%d/%s", o.parent, o.name);
	if (o.parent < 0 || o.fd >= 0) {
		error = -EADDRINUSE;
	} else if (n >= (int)sizeof pinned) {
		error = -ENAMETOOLONG;
	} else if (!call_judge(c, &op, TABLE_FILE)) {
		error = -EACCES;
	} else {
		/* The socket file takes the socket's own mode; the umask here is shared by all threads. Source:
		 * unix_bind(), af_unix.c. */
		fchmod(e->socket, 0777 & ~process_umask(c->tid));
		pin_path(e, pinned);
		error = bind(e->socket, &e->address.any, e->length) ? -errno : 0;
	}
	if (op.judgement.epoch)
		call_record(c, &op, -error);
	object_close(&o);
	return error;
}

void handle_bind(const struct call *c)
{
	struct endpoint e;
	int error = read_address(c, 1, &e);

	if (!error)
		error = take_socket(c, &e);
	if (error) {
		answer(c, error);
		return;
	}
	if (call_is_alive(c->id)) {
		if (e.domain == AF_UNIX && e.address.any.sa_family == AF_UNIX && !is_abstract(&e))
			error = bind_path(c, &e);
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
	int error = read_address(c, 4, &e);

	if (!error)
		error = take_socket(c, &e);
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
