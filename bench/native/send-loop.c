/* send-loop HOW COUNT: sendmsg(2) of one byte COUNT times, each received before the next; prints nanoseconds of the call,
 * median and 99th percentile. HOW: stream (a connected pair), threads (the same, with a second thread), named (a datagram
 * to a socket file). */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static void *wait_forever(void *unused)
{
	pause();
	return unused;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "send-loop.sock" };
	struct iovec data = { "x", 1 };
	struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1 };
	pthread_t thread;
	int fds[2];
	char byte;

	if (argc != 3)
		return 2;
	if (!strcmp(argv[1], "named")) {
		fds[0] = socket(AF_UNIX, SOCK_DGRAM, 0);
		fds[1] = socket(AF_UNIX, SOCK_DGRAM, 0);
		m.msg_name = &name;
		m.msg_namelen = sizeof name;
		if (bind(fds[1], (struct sockaddr *)&name, sizeof name))
			return 1;
	} else if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds)) {
		return 1;
	}
	if (!strcmp(argv[1], "threads"))
		pthread_create(&thread, NULL, wait_forever, NULL);
	int count = atoi(argv[2]);
	double *spent = calloc((size_t)count, sizeof *spent);
	for (int i = 0; i < count; i++) {
		struct timespec a, b;
		clock_gettime(CLOCK_MONOTONIC, &a);
		ssize_t n = sendmsg(fds[0], &m, 0);
		clock_gettime(CLOCK_MONOTONIC, &b);
		if (n != 1 || recv(fds[1], &byte, 1, 0) != 1)
			return 1;
		spent[i] = (double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec);
	}
	qsort(spent, (size_t)count, sizeof *spent, compare);
	printf("%.0f %.0f\n", spent[count / 2], spent[count * 99 / 100]);
	unlink(name.sun_path);
	return 0;
}
