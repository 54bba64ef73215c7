/* Opens the sockets that receive all TCP and DNS of the sandbox; they leave for the manager, which lives in another
 * namespace. */
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

static int close_with_errno(int socket)
{
	int error = -errno;

	close(socket);
	return error;
}

/* Accepts connections to any address: IP_TRANSPARENT lets tproxy assign them, and keeps the address dialled as local
 * address (ip(7)). */
static int open_tcp(int family, const struct sockaddr *address, socklen_t length)
{
	static const int on = 1;
	int s = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -errno;
	int error = family == AF_INET6 ? setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) ||
						 setsockopt(s, IPPROTO_IPV6, IPV6_TRANSPARENT, &on, sizeof(on))
				       : setsockopt(s, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof(on));
	if (error || bind(s, address, length) || listen(s, BACKLOG))
		return close_with_errno(s);
	return s;
}

/* Bound to loopback, where nf_tables redirects DNS to: answers of a wildcard socket would miss the reply translation.
 */
static int open_udp(int family, const struct sockaddr *address, socklen_t length)
{
	int s = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (s < 0)
		return -errno;
	if (bind(s, address, length))
		return close_with_errno(s);
	return s;
}

int listeners_open(int fds[LISTENERS], struct failure *failure)
{
	const struct sockaddr_in tcp4 = { .sin_family = AF_INET, .sin_port = htons(ENTRY_TCP_PORT) };
	const struct sockaddr_in6 tcp6 = { .sin6_family = AF_INET6, .sin6_port = htons(ENTRY_TCP_PORT) };
	const struct sockaddr_in udp4 = { .sin_family = AF_INET,
					  .sin_port = htons(ENTRY_DNS_PORT),
					  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	const struct sockaddr_in6 udp6 = { .sin6_family = AF_INET6,
					   .sin6_port = htons(ENTRY_DNS_PORT),
					   .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	fds[LISTENER_TCP4] = open_tcp(AF_INET, (const struct sockaddr *)&tcp4, sizeof(tcp4));
	fds[LISTENER_TCP6] = open_tcp(AF_INET6, (const struct sockaddr *)&tcp6, sizeof(tcp6));
	fds[LISTENER_UDP4] = open_udp(AF_INET, (const struct sockaddr *)&udp4, sizeof(udp4));
	fds[LISTENER_UDP6] = open_udp(AF_INET6, (const struct sockaddr *)&udp6, sizeof(udp6));

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
