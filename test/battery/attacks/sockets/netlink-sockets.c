/* technique: lists every socket, and may destroy one
 * source: sock_diag(7), SOCK_DESTROY
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
	return power(socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), "socket");
}
