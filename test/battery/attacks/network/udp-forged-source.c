/* technique: sends datagrams that seem to come from another address of this machine, from loopback, or from Leash's own socket
 * source: ip(7), IP_PKTINFO
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

static int send_from(const char *from, const struct sockaddr_in *to)
{
	char control[CMSG_SPACE(sizeof(struct in_pktinfo))] = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr m = { .msg_name = (void *)to,
			    .msg_namelen = sizeof *to,
			    .msg_iov = &part,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof control };
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	struct in_pktinfo source = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	inet_pton(AF_INET, from, &source.ipi_spec_dst);
	h->cmsg_level = IPPROTO_IP;
	h->cmsg_type = IP_PKTINFO;
	h->cmsg_len = CMSG_LEN(sizeof source);
	memcpy(CMSG_DATA(h), &source, sizeof source);
	if (sendmsg(fd, &m, 0) < 0)
		failed(from);
	if (connect(fd, (const struct sockaddr *)to, sizeof *to))
		failed("connect");
	m.msg_name = NULL;
	m.msg_namelen = 0;
	return sendmsg(fd, &m, 0) < 0 ? failed(from) : 0;
}

int main(void)
{
	const char *own = getenv("OWN_ADDRESS");
	const char *from[] = { own, "127.0.0.1", "10.255.255.1", "198.18.1.0" };
	struct sockaddr_in to = address4(own, service_port()), leash = address4("127.0.0.1", htons(15001));

	for (unsigned i = 0; i < sizeof from / sizeof *from; i++) {
		send_from(from[i], &to);
		send_from(from[i], &leash);
	}
	usleep(50000);
	return 0;
}
