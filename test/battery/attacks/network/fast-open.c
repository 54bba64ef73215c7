/* technique: connects with the first data, without connect(2)
 * source: tcp(7), MSG_FASTOPEN, TCP_FASTOPEN_CONNECT
 * success: a service of the host was reached
 * control: outside
 * beside: services
 */
#include "network.h"

int main(void)
{
	struct sockaddr_in a = address4("127.0.0.1", service_port());
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (sendto(fd, "x\n", 2, MSG_FASTOPEN, (struct sockaddr *)&a, sizeof a) < 0)
		failed("sendto");
	close(fd);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(fd, SOL_TCP, TCP_FASTOPEN_CONNECT, &one, sizeof one);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) || write(fd, "x\n", 2) < 0)
		return failed("connect");
	usleep(100000);
	return 0;
}
