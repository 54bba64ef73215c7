/* technique: connects to the host's own IPv4 address by an IPv6 socket
 * source: reference study 4.3 #21
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in6 a = address6(({ static char text[64]; snprintf(text, sizeof text, "::ffff:%s", getenv("OWN_ADDRESS")); text; }), service_port());

	return reach(&a, sizeof a);
}
