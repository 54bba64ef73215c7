/* technique: connects a datagram socket to the host's own address, as QUIC does, and sends without naming a receiver
 * source: udp(7); reference study 4.4: UDP but 443 is untouched
 * success: a service of the host was reached
 * control: outside
 * beside: services
 * event: NetConnect
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4(getenv("OWN_ADDRESS"), service_port());
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (connect(fd, (struct sockaddr *)&a, sizeof a) || send(fd, "x", 1, 0) < 0)
		return failed("send");
	usleep(50000);
	return 0;
}
