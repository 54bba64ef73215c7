/* technique: asks for SCTP, which no rule about TCP sees
 * source: sctp(7)
 * success: the socket was made
 * beside: power
 * control: none: not every kernel has the protocol
 * event: SystemCall
 */
#include "power.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP), "socket");
}
