/* technique: connects to the unspecified address, which means this machine
 * source: the 0.0.0.0-day of browsers; ip(7)
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4("0.0.0.0", service_port());

	return reach(&a, sizeof a);
}
