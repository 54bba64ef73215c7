/* Opens the sockets that receive all TCP and UDP of the sandbox; they leave for the warden and the manager, which live
 * in another namespace. */
#define _GNU_SOURCE
#include "step.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/in6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "entry.h"

#define BACKLOG 4096
#ifndef SO_RCVMARK
#define SO_RCVMARK 75 /* Linux 5.19, as the filter's SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */
#endif

static int close_with_errno(int socket)
{
	int error = -errno;

	close(socket);
	return error;
}

struct place {
	int family;
	socklen_t length;
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	};
};

static struct place place4(uint32_t address, uint16_t port)
{
	return (struct place){
		.family = AF_INET,
		.length = sizeof(struct sockaddr_in),
		.in4 = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = { htonl(address) } }
	};
}

static struct place place6(struct in6_addr address, uint16_t port)
{
	return (struct place){ .family = AF_INET6,
			       .length = sizeof(struct sockaddr_in6),
			       .in6 = { .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = address } };
}

static int set(int socket, int level, int option, int value)
{
	return setsockopt(socket, level, option, &value, sizeof(value));
}

/* IP_TRANSPARENT lets tproxy assign connections and datagrams for any address; a connection keeps the one that was
 * dialled as its local address, a datagram brings it along (ip(7), IP_RECVORIGDSTADDR), with the mark that
 * the warden gave the agent's socket. */
static int set_transparent(int socket, const struct place *at)
{
	if (at->family == AF_INET)
		return set(socket, IPPROTO_IP, IP_TRANSPARENT, 1) || set(socket, IPPROTO_IP, IP_RECVORIGDSTADDR, 1);
	return set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) || set(socket, IPPROTO_IPV6, IPV6_TRANSPARENT, 1) ||
	       set(socket, IPPROTO_IPV6, IPV6_RECVORIGDSTADDR, 1);
}

static int open_transparent(struct place at, int type)
{
	int s = socket(at.family, type | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -errno;
	if (set_transparent(s, &at) || (type == SOCK_DGRAM && set(s, SOL_SOCKET, SO_RCVMARK, 1)) ||
	    bind(s, &at.any, at.length) || (type == SOCK_STREAM && listen(s, BACKLOG)))
		return close_with_errno(s);
	return s;
}

/* Bound to loopback, where nf_tables redirects DNS to: answers of a wildcard socket would miss the reply translation.
 */
static int open_resolver(struct place at)
{
	int s = socket(at.family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -errno;
	if (set(s, SOL_SOCKET, SO_MARK, (int)ENTRY_MARK) || bind(s, &at.any, at.length))
		return close_with_errno(s);
	return s;
}

/* Sends packets with their headers, so from any address and port, and receives none (raw(7), IPPROTO_RAW). */
static int open_replies(int family)
{
	int s = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (s < 0)
		return -errno;
	return set(s, SOL_SOCKET, SO_MARK, (int)ENTRY_MARK) ? close_with_errno(s) : s;
}

int listeners_open(int fds[LISTENERS], struct failure *failure)
{
	fds[LISTENER_TCP4] = open_transparent(place4(INADDR_ANY, ENTRY_TCP_PORT), SOCK_STREAM);
	fds[LISTENER_TCP6] = open_transparent(place6(in6addr_any, ENTRY_TCP_PORT), SOCK_STREAM);
	fds[LISTENER_DNS4] = open_resolver(place4(INADDR_LOOPBACK, ENTRY_DNS_PORT));
	fds[LISTENER_DNS6] = open_resolver(place6(in6addr_loopback, ENTRY_DNS_PORT));
	fds[LISTENER_UDP4] = open_transparent(place4(INADDR_ANY, ENTRY_UDP_PORT), SOCK_DGRAM);
	fds[LISTENER_UDP6] = open_transparent(place6(in6addr_any, ENTRY_UDP_PORT), SOCK_DGRAM);
	fds[REPLIES4] = open_replies(AF_INET);
	fds[REPLIES6] = open_replies(AF_INET6);

	int error = 0;
	for (int i = 0; i < LISTENERS; i++)
		if (fds[i] < 0 && !error)
			error = fds[i];
	if (!error)
		return 0;
	for (int i = 0; i < LISTENERS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return failed(failure, error, "opening the transparent listeners");
}
