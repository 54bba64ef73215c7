/* technique: asks for records of a permitted name that carry data, or keys for an encrypted client hello, back
 * source: RFC 9460 (HTTPS, SVCB), RFC 9849; RFC 8482 (ANY)
 * success: an answer of a type that is no address
 * control: none: Leash's resolver is asked, and has no other
 * policy: network
 * beside: power origins
 */
#include "network.h"

int main(void)
{
	static const unsigned char types[] = { 16, 255, 65, 64, 10, 5, 2, 15, 33, 99, 252 };
	static const char name[] = "\7allowed\7example";
	struct sockaddr_in a = address4("127.0.0.1", htons(53));
	struct timeval patience = { 2, 0 };
	int result = 1;

	for (unsigned i = 0; i < sizeof types; i++) {
		unsigned char query[64] = { 0, i, 1, 0, 0, 1 }, answer[512];
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		memcpy(query + 12, name, sizeof name);
		query[12 + sizeof name + 1] = types[i];
		query[12 + sizeof name + 3] = 1;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		sendto(fd, query, 12 + sizeof name + 4, 0, (struct sockaddr *)&a, sizeof a);
		ssize_t n = recv(fd, answer, sizeof answer, 0);
		/* ANCOUNT, RFC 1035, section 4.1.1 */
		if (n > 12 && (answer[6] || answer[7]))
			result = puts(getenv("POWER")) < 0;
		close(fd);
	}
	return result;
}
