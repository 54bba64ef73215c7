/* The families, types and protocols of sockets an agent needs are allowed; all others notify the warden, which refuses.
 */
#define _GNU_SOURCE
#include "filter_socket.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define SOCKET_TYPE_MASK 0xfu /* the rest of the argument is SOCK_CLOEXEC, SOCK_NONBLOCK */
#define ERRNO(error) (SECCOMP_RET_ERRNO | (error))
#define ALLOW SECCOMP_RET_ALLOW
#define NOTIFY SECCOMP_RET_USER_NOTIF

static void socket_type(struct program *p)
{
	program_load_argument(p, 1);
	program_append(p, BPF_ALU | BPF_AND | BPF_K, SOCKET_TYPE_MASK);
}

static void allow_unix(struct program *p)
{
	uint16_t family = program_when(p, BPF_JEQ, AF_UNIX);

	socket_type(p);
	program_return_when(p, BPF_JEQ, SOCK_STREAM, ALLOW);
	program_return_when(p, BPF_JEQ, SOCK_DGRAM, ALLOW);
	program_return_when(p, BPF_JEQ, SOCK_SEQPACKET, ALLOW);
	program_return(p, NOTIFY);
	program_end(p, family);
}

static void allow_internet(struct program *p, uint32_t domain)
{
	uint16_t family = program_when(p, BPF_JEQ, domain);

	socket_type(p);
	uint16_t stream = program_when(p, BPF_JEQ, SOCK_STREAM);
	program_load_argument(p, 2);
	program_return_when(p, BPF_JEQ, 0, ALLOW);
	program_return_when(p, BPF_JEQ, IPPROTO_TCP, ALLOW);
	program_return_when(p, BPF_JEQ, IPPROTO_MPTCP, ERRNO(EPROTONOSUPPORT)); /* Go tries it first */
	program_return(p, NOTIFY);
	program_end(p, stream);
	uint16_t datagram = program_when(p, BPF_JEQ, SOCK_DGRAM);
	program_load_argument(p, 2);
	program_return_when(p, BPF_JEQ, 0, ALLOW);
	program_return_when(p, BPF_JEQ, IPPROTO_UDP, ALLOW);
	program_return(p, NOTIFY);
	program_end(p, datagram);
	program_return(p, NOTIFY);
	program_end(p, family);
}

/* NETLINK_ROUTE lists interfaces (getifaddrs(3)); without CAP_NET_ADMIN it changes nothing. */
static void allow_netlink_route(struct program *p)
{
	uint16_t family = program_when(p, BPF_JEQ, AF_NETLINK);

	program_load_argument(p, 2);
	program_return_when(p, BPF_JEQ, 0, ALLOW);
	program_return(p, NOTIFY);
	program_end(p, family);
}

void filter_socket(struct program *p)
{
	program_load_argument(p, 0);
	allow_unix(p);
	allow_internet(p, AF_INET);
	allow_internet(p, AF_INET6);
	allow_netlink_route(p);
	program_return(p, NOTIFY);
}

void filter_socketpair(struct program *p)
{
	program_load_argument(p, 0);
	allow_unix(p);
	program_return(p, NOTIFY);
}
