/* technique: connects to a service of the host by the host's own address
 * source: SandboxBench, discovery
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4(getenv("OWN_ADDRESS"), service_port());

	return reach(&a, sizeof a);
}
