/* technique: sends to everybody on the network, to groups, and asks to be told of what others send to them
 * source: ip(7), SO_BROADCAST, IP_ADD_MEMBERSHIP; RFC 6762
 * success: a datagram to other than loopback was taken
 * control: none: outside it would go to the network of this machine
 * policy: permissive
 * beside: power
 * event: NetConnect
 */
#include "network.h"

int main(void)
{
	static const char *const everybody[] = { "255.255.255.255", "224.0.0.251", "239.255.255.250", "10.255.255.255" };
	struct sockaddr_in6 all = address6("ff02::fb", htons(5353));
	int one = 1, sent = 0;

	for (unsigned i = 0; i < sizeof everybody / sizeof *everybody; i++) {
		struct sockaddr_in to = address4(everybody[i], htons(5353));
		struct ip_mreq group = { .imr_multiaddr = to.sin_addr };
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof one);
		setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group);
		if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) < 0)
			failed(everybody[i]);
		else
			sent++;
	}
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (sendto(fd, "x", 1, 0, (struct sockaddr *)&all, sizeof all) < 0)
		failed("ff02::fb");
	else
		sent++;
	return sent ? puts(getenv("POWER")) < 0 : 1;
}
