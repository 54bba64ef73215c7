/* technique: marks its packets as the firewall's own, which are not redirected
 * source: socket(7), SO_MARK; reference study 4.4
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

	return power(setsockopt(fd, SOL_SOCKET, SO_MARK, &one, sizeof one), "setsockopt");
}
