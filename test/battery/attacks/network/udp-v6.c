/* technique: sends a datagram over IPv6
 * source: reference study 4.3 #21
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in6 a = address6("::1", service_port());

	return send_to(&a, sizeof a);
}
