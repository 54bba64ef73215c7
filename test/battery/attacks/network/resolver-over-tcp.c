/* technique: asks the host's resolver over TCP
 * source: RFC 7766
 * success: the host's resolver got the question
 * control: outside
 * beside: services
 * needs: root
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4(getenv("RESOLVER"), htons(53));

	return reach(&a, sizeof a);
}
