/* A descriptor's number in, the rights it really carries out. Not from procfs: the link, its mode and what it leads to
 * are three calls, and dup2(2) in another thread comes between them. A duplicate is one thing (pidfd_getfd(2)). */
#define _GNU_SOURCE
#include "held.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static uint16_t rights_of(int fd, const struct stat *object)
{
	struct stat s;
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || flags & O_PATH || fstat(fd, &s) || s.st_dev != object->st_dev || s.st_ino != object->st_ino)
		return 0;
	switch (flags & O_ACCMODE) {
	case O_RDONLY:
		return WIRE_READ;
	case O_WRONLY:
		return WIRE_WRITE;
	default:
		return WIRE_READ | WIRE_WRITE;
	}
}

uint16_t held_rights(const struct call *c, int fd, const struct stat *object)
{
	uint16_t rights = 0;
	int own = c->process ? process_descriptor(c->process, c->tid, fd) : -1;

	if (own >= 0) {
		rights = rights_of(own, object);
		close(own);
	}
	/* The warden was started with the agent's standard streams. */
	for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
		rights |= rights_of(stream, object);
	return rights;
}
