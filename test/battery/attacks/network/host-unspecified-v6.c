/* technique: connects to the unspecified IPv6 address
 * source: ipv6(7)
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in6 a = address6("::", service_port());

	return reach(&a, sizeof a);
}
