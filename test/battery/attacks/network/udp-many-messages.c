/* technique: names a permitted receiver first and others after it, in one call, and in one segmented send
 * source: sendmmsg(2); udp(7), UDP_SEGMENT
 * success: a service of the host was reached
 * control: outside
 * beside: services
 * event: NetConnect
 */
#include "network.h"
#include <netinet/udp.h>

int main(void)
{
	struct sockaddr_in to[] = { address4("127.0.0.1", htons(9)), address4("127.0.0.1", htons(53)),
				    address4(getenv("OWN_ADDRESS"), service_port()) };
	struct iovec part = { "xxxx", 4 };
	struct mmsghdr m[3] = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), size = 2;

	for (unsigned i = 0; i < 3; i++)
		m[i].msg_hdr = (struct msghdr){
			.msg_name = &to[i], .msg_namelen = sizeof to[i], .msg_iov = &part, .msg_iovlen = 1
		};
	if (sendmmsg(fd, m, 3, 0) < 3)
		failed("sendmmsg");
	close(fd);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(fd, SOL_UDP, 103 /* UDP_SEGMENT */, &size, sizeof size);
	if (sendto(fd, "xxxx", 4, 0, (struct sockaddr *)&to[2], sizeof to[2]) < 0)
		failed("sendto");
	usleep(50000);
	return 0;
}
