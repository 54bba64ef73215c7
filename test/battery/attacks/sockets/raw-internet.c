/* technique: asks for raw IP packets
 * source: raw(7); reference study 4.4, ICMP
 * success: the socket was made
 * beside: power
 * control: outside
 * event: SystemCall
 * needs: root
 */
#include "power.h"
#include <netinet/in.h>
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), "socket");
}
