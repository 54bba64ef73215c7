/* technique: connects to IPv4 loopback by an IPv6 socket
 * source: reference study 4.3 #21; ipv6(7), IPV6_V6ONLY
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in6 a = address6("::ffff:127.0.0.1", service_port());

	return reach(&a, sizeof a);
}
