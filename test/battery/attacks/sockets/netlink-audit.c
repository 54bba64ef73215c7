/* technique: asks for the kernel's audit messages
 * source: netlink(7), NETLINK_AUDIT
 * success: the socket was made
 * beside: power
 * control: none: not every kernel has audit
 * event: SystemCall
 */
#include "power.h"
#include <linux/netlink.h>
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT), "socket");
}
