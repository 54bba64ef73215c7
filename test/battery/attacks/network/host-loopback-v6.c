/* technique: connects to a service on the host's IPv6 loopback
 * source: anchors, feature 12: IPv6 not governed
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in6 a = address6("::1", service_port());

	return reach(&a, sizeof a);
}
