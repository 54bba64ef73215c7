/* connect and bind: the address is copied, judged, and the call made here on a duplicate of the agent's socket. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

#include "endpoint.h"
#include "entry.h"
#include "handlers.h"
#include "patience.h"

static int connect_internet(const struct call *c, struct endpoint *e)
{
	struct operation op = { .kind = WIRE_OP_CONNECT, .actions = 1 };
	int error = endpoint_judge_internet(c, e, &op);

	if (error)
		return error;
	if (op.protocol == IPPROTO_UDP)
		error = endpoint_announce(c, e, &op);
	if (error)
		return error;
	error = patient_connect(c, e);
	if (op.protocol == IPPROTO_TCP && (!error || error == -EINPROGRESS))
		endpoint_report_port(c, e, &op);
	return error;
}

static int connect_endpoint(const struct call *c, struct endpoint *e)
{
	if (e->foreign)
		return endpoint_refuse_foreign(c);
	if (e->address.any.sa_family == AF_UNSPEC)
		return connect(e->socket, &e->address.any, e->length) ? -errno : 0;
	if (e->domain == AF_UNIX) {
		int error = endpoint_check_unix(e);
		return error ? error : endpoint_is_abstract(e) ? patient_connect(c, e) : endpoint_connect_path(c, e);
	}
	if (e->domain == AF_NETLINK) {
		int error = endpoint_check_netlink(e);
		return error ? error : patient_connect(c, e);
	}
	return connect_internet(c, e);
}

/* 0: none is named. */
static uint16_t named_port(const struct endpoint *e)
{
	bool is_internet = e->domain == AF_INET || e->domain == AF_INET6;

	return is_internet && e->length >= sizeof e->address.in4 ? ntohs(e->address.in4.sin_port) : 0;
}

static int bind_endpoint(const struct call *c, struct endpoint *e)
{
	if (e->foreign)
		return endpoint_refuse_foreign(c);
	/* Every address of the resolver's port is the resolver's; the kernel would give those it does not listen on. */
	if (named_port(e) == ENTRY_DNS_PORT)
		return -EADDRINUSE;
	/* The agent has no CAP_NET_BIND_SERVICE over the sandbox's network, the warden may have. Source:
	 * inet_port_requires_bind_service(), include/net/ip.h. */
	if (named_port(e) && named_port(e) < IPPORT_RESERVED)
		return -EACCES;
	if (e->domain == AF_UNIX && !endpoint_check_unix(e) && !endpoint_is_abstract(e))
		return endpoint_bind_path(c, e);
	if (bind(e->socket, &e->address.any, e->length))
		return -errno;
	endpoint_report_bound(c, e);
	return 0;
}

static void handle(const struct call *c, int (*perform)(const struct call *, struct endpoint *))
{
	struct endpoint e;
	int error = endpoint_read_address(c, 1, &e);

	if (!error)
		error = endpoint_take_socket(c, &e);
	if (error) {
		call_fail(c, -error);
		return;
	}
	error = call_is_alive(c->id) ? perform(c, &e) : -ESRCH;
	close(e.socket);
	if (error)
		call_fail(c, -error);
	else
		call_return(c, 0);
}

void handle_connect(const struct call *c)
{
	handle(c, connect_endpoint);
}

void handle_bind(const struct call *c)
{
	handle(c, bind_endpoint);
}
