/* technique: sends a datagram to a socket file of the host, with a destination in the message
 * source: unix(7), sendmsg(2): msg_name
 * success: the datagram was taken
 * control: none: the services listen for streams
 * beside: power
 */
#include "power.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	static const char *const paths[] = { "/run/systemd/journal/socket", "/run/systemd/notify", "/dev/log" };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct iovec data = { "x", 1 };
	struct msghdr message = { .msg_name = &address, .msg_namelen = sizeof address, .msg_iov = &data, .msg_iovlen = 1 };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0), result = 1;

	for (unsigned i = 0; i < sizeof paths / sizeof *paths; i++) {
		snprintf(address.sun_path, sizeof address.sun_path, "%s", paths[i]);
		result &= power(sendmsg(fd, &message, 0), paths[i]);
	}
	return result;
}
