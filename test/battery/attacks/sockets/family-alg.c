/* technique: asks for the kernel's cryptography
 * source: AF_ALG; CVE-2019-8912
 * success: the socket was made
 * beside: power
 * control: none: not every kernel has the family
 * event: SystemCall
 */
#include "power.h"
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_ALG, SOCK_SEQPACKET, 0), "socket");
}
