/* technique: connects to a service on the host's loopback
 * source: SandboxBench, discovery; reference study 4.3 #20
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4("127.0.0.1", service_port());

	return reach(&a, sizeof a);
}
