/* technique: sends a datagram to the host's loopback by every call that can
 * source: udp(7), sendmmsg(2); reference study 4.3 #21
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4("127.0.0.1", service_port());
	struct iovec data = { "x", 1 };
	struct mmsghdr message = { .msg_hdr = { &a, sizeof a, &data, 1, NULL, 0, 0 } };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (sendmsg(fd, &message.msg_hdr, 0) < 0)
		failed("sendmsg");
	if (sendmmsg(fd, &message, 1, 0) < 0)
		failed("sendmmsg");
	if (connect(fd, (struct sockaddr *)&a, sizeof a) == 0 && write(fd, "x", 1) < 0)
		failed("write");
	return send_to(&a, sizeof a);
}
