/* technique: sends a datagram to the host's own address, as QUIC would
 * source: reference study 4.4: UDP but 443 is untouched
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4(getenv("OWN_ADDRESS"), service_port());

	return send_to(&a, sizeof a);
}
