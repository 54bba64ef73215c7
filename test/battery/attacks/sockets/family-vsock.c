/* technique: asks for a way to the hypervisor, past every IP rule
 * source: vsock(7)
 * success: the socket was made
 * beside: power
 * control: none: not every kernel has the family
 * event: SystemCall
 */
#include "power.h"
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_VSOCK, SOCK_STREAM, 0), "socket");
}
