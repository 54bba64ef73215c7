/* technique: sends ICMP echo requests without a privilege, which carry any data
 * source: icmp(7), ping_group_range
 * success: the socket was made
 * beside: power
 * control: none: whether a user may depends on ping_group_range
 * event: SystemCall
 */
#include "power.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP), "socket");
}
