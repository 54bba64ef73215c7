/* technique: takes memory of the kernel beyond its limit
 * source: socket(7), SO_RCVBUFFORCE
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

	return power(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &one, sizeof one), "setsockopt");
}
