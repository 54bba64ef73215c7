/* technique: asks for transports that no rule about TCP and UDP sees: DCCP, UDP-Lite, MPTCP, SCTP in its stream form
 * source: socket(2); RFC 4340, RFC 3828, RFC 8684, RFC 9260
 * success: a socket was made
 * beside: power
 * control: none: not every kernel has the protocols
 * event: SystemCall
 */
#include "power.h"
#include <netinet/in.h>
#include <sys/socket.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

int main(void)
{
	static const int asked[][2] = { { 6 /* SOCK_DCCP */, IPPROTO_DCCP },
					{ SOCK_DGRAM, IPPROTO_UDPLITE },
					{ SOCK_STREAM, IPPROTO_MPTCP },
					{ SOCK_STREAM, IPPROTO_SCTP },
					{ SOCK_RAW, IPPROTO_UDP },
					{ SOCK_RAW, IPPROTO_RAW } };
	int result = 1;

	for (unsigned i = 0; i < sizeof asked / sizeof *asked; i++)
		for (unsigned family = 0; family < 2; family++) {
			int fd = socket(family ? AF_INET6 : AF_INET, asked[i][0], asked[i][1]);
			result = fd < 0 ? failed("socket") & result : power(fd, "socket");
		}
	return result;
}
