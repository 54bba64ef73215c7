/* technique: listens to the devices of the host
 * source: netlink(7), NETLINK_KOBJECT_UEVENT
 * success: the socket was made
 * beside: power
 * control: outside
 * event: SystemCall
 */
#include "power.h"
#include <linux/netlink.h>
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT), "socket");
}
