/* technique: binds the host's own address first, so that the connection seems to come from elsewhere
 * source: ip(7), IP_FREEBIND, bind(2)
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in own = address4(getenv("OWN_ADDRESS"), 0), a = address4(getenv("OWN_ADDRESS"), service_port());
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	char text[64];

	setsockopt(fd, SOL_IP, IP_FREEBIND, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&own, sizeof own))
		failed("bind");
	if (connect(fd, (struct sockaddr *)&a, sizeof a) || write(fd, "x\n", 2) < 0)
		return failed("connect");
	return read(fd, text, sizeof text) <= 0;
}
