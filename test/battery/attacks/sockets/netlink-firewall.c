/* technique: asks for the firewall of its network
 * source: netlink(7), NETLINK_NETFILTER; CVE-2022-1015; Traps, awf#129
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
	return power(socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER), "socket");
}
