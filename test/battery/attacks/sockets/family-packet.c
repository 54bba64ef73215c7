/* technique: asks for raw frames of every interface
 * source: packet(7); CVE-2017-7308
 * success: the socket was made
 * beside: power
 * control: outside
 * event: SystemCall
 * needs: root
 */
#include "power.h"
#include <sys/socket.h>

int main(void)
{
	return power(socket(AF_PACKET, SOCK_RAW, 0), "socket");
}
