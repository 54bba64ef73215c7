/* technique: binds addresses of others, to answer in their name
 * source: ip(7), IP_TRANSPARENT
 * success: the option was set
 * beside: power
 * control: outside
 * needs: root
 */
#include "power.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	return power(setsockopt(fd, SOL_IP, IP_TRANSPARENT, &one, sizeof one), "setsockopt");
}
