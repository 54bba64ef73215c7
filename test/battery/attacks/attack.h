/* What the attacks in C share: the way to a forbidden file from the workspace, and showing what was reached. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define SECRET_FILE "vault/secret.txt"

/* A path below the workspace, absolute, after a prefix: below("/proc/self/root", SECRET_FILE). */
static inline char *below(const char *prefix, const char *name)
{
	static char path[2][8192];
	static unsigned turn;
	char *p = path[turn++ % 2];

	snprintf(p, sizeof path[0], "%s%s/%s", prefix, getenv("WORKSPACE"), name);
	return p;
}

/* Says why a step failed. The judge does not read this; whoever mends the battery does. */
static inline int failed(const char *step)
{
	fprintf(stderr, "%s: %s\n", step, strerror(errno));
	return 1;
}

/* Everything that can be read, to the output. The status for main(). */
static inline int show(int fd)
{
	char text[4096];
	ssize_t n;

	if (fd < 0)
		return failed("open");
	while ((n = read(fd, text, sizeof text)) > 0)
		if (write(STDOUT_FILENO, text, (size_t)n) < 0)
			return failed("write");
	close(fd);
	return n < 0 ? failed("read") : 0;
}

static inline int show_path(const char *path)
{
	return show(open(path, O_RDONLY));
}
