/* What attacks share that speak to a service of the host by an address they make themselves. */
#include "attack.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

static inline in_port_t service_port(void)
{
	return htons((uint16_t)atoi(getenv("SERVICE_PORT")));
}

static inline struct sockaddr_in address4(const char *text, in_port_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = port };

	inet_pton(AF_INET, text, &a.sin_addr);
	return a;
}

static inline struct sockaddr_in6 address6(const char *text, in_port_t port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = port };

	inet_pton(AF_INET6, text, &a.sin6_addr);
	return a;
}

/* Connects, and waits for what the service says; the refusal may come as late as that. */
static inline int reach(const void *address, socklen_t length)
{
	char text[64];
	int fd = socket(((const struct sockaddr *)address)->sa_family, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, address, length))
		return failed("connect");
	if (write(fd, "x\n", 2) < 0 || read(fd, text, sizeof text) <= 0)
		return failed("read");
	close(fd);
	return 0;
}

static inline int send_to(const void *address, socklen_t length)
{
	int fd = socket(((const struct sockaddr *)address)->sa_family, SOCK_DGRAM, 0);

	if (fd < 0 || sendto(fd, "x", 1, 0, address, length) < 0)
		return failed("sendto");
	close(fd);
	usleep(50000);
	return 0;
}
