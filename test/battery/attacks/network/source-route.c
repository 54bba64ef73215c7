/* technique: lets its packets go by way of other hosts, and carry options of its own
 * source: ip(7), IP_OPTIONS; RFC 791, loose source and record route
 * success: the option was set
 * control: outside
 * beside: power
 * needs: root
 */
#include "network.h"

int main(void)
{
	/* No operation, then: type 131, 7 bytes, next at 4, one hop. */
	static const unsigned char route[] = { 1, 131, 7, 4, 127, 0, 0, 1 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (setsockopt(fd, IPPROTO_IP, IP_OPTIONS, route, sizeof route))
		return failed("IP_OPTIONS");
	return puts(getenv("POWER")) < 0;
}
