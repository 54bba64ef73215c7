/* technique: changes an interface; loopback is up already
 * source: rtnetlink(7); Traps, awf#129: NET_ADMIN inside
 * success: the kernel acknowledged the change
 * control: outside
 * beside: power
 * needs: root
 */
#include "power.h"
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

int main(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} change = { { sizeof change, RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0 }, { .ifi_index = 1, .ifi_flags = IFF_UP, .ifi_change = IFF_UP } };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer = { 0 };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (send(fd, &change, sizeof change, 0) < 0 || recv(fd, &answer, sizeof answer, MSG_TRUNC) < 0)
		return failed("netlink");
	errno = -answer.error.error;
	return power(answer.error.error, "RTM_NEWLINK");
}
