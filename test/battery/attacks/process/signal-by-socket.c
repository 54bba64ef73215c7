/* technique: has the kernel signal the process group when a socket becomes readable
 * source: fcntl(2), F_SETOWN and F_SETOWN_EX; SIOCSPGRP
 * success: a signal to the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(void)
{
	int pair[2], owner = neighbour();
	struct f_owner_ex group = { .type = F_OWNER_PGRP, .pid = getpgrp() };

	signal(SIGIO, SIG_IGN);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return failed("socketpair");
	fcntl(pair[0], F_SETFL, O_ASYNC);
	if (fcntl(pair[0], F_SETOWN_EX, &group))
		failed("F_SETOWN_EX");
	if (write(pair[1], "x", 1) != 1)
		failed("write");
	if (ioctl(pair[0], SIOCSPGRP, &owner))
		failed("SIOCSPGRP");
	if (write(pair[1], "x", 1) != 1)
		failed("write");
	return 0;
}
