// Opens FILE in a loop until SECONDS have passed; each time the outcome changes, prints CLOCK_MONOTONIC in ns and `open` or `closed`.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static long long monotonic_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ll + t.tv_nsec;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	setlinebuf(stdout);
	long long end = monotonic_ns() + atoll(argv[2]) * 1000000000ll;
	int was = -1;
	for (long long now = 0; now < end;) {
		int fd = open(argv[1], O_RDONLY | O_CLOEXEC);
		int is = fd >= 0;
		now = monotonic_ns();
		if (fd >= 0)
			close(fd);
		if (is != was)
			printf("%lld %s\n", now, is ? "open" : "closed");
		was = is;
	}
	return 0;
}
