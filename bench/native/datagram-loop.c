/* datagram-loop connected|named ADDRESS PORT COUNT: asks an echo COUNT times, from a connected socket or with the name on each
 * datagram; prints median and 99th percentile of the round trip in nanoseconds. */
#define _GNU_SOURCE
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	const long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct addrinfo wanted = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM }, *to;
	char bytes[1200] = { 0 };

	if (argc != 5 || getaddrinfo(argv[2], argv[3], &wanted, &to))
		return 2;
	int connected = !strcmp(argv[1], "connected"), count = atoi(argv[4]), fd = socket(AF_INET, SOCK_DGRAM, 0);
	long *took = calloc((size_t)count, sizeof *took);
	if (!took || (connected && connect(fd, to->ai_addr, to->ai_addrlen)))
		return 3;
	for (int i = 0; i < count; i++) {
		long start = now();
		if (sendto(fd, bytes, sizeof bytes, 0, connected ? NULL : to->ai_addr, connected ? 0 : to->ai_addrlen) < 0 ||
		    recv(fd, bytes, sizeof bytes, 0) < 0)
			return 4;
		took[i] = now() - start;
	}
	qsort(took, (size_t)count, sizeof *took, compare);
	printf("%ld %ld\n", took[count / 2], took[count * 99L / 100]);
	return 0;
}
