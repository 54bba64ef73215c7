/* open-loop PATH COUNT: opens and closes PATH COUNT times, prints nanoseconds per pair. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct timespec a, b;

	if (argc != 3)
		return 2;
	long count = atol(argv[2]);
	for (long i = 0; i < 100; i++)
		close(open(argv[1], O_RDONLY | O_CLOEXEC));
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (long i = 0; i < count; i++) {
		int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return 1;
		close(fd);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.0f\n", ((double)(b.tv_sec - a.tv_sec) * 1e9 + (double)(b.tv_nsec - a.tv_nsec)) / (double)count);
	return 0;
}
