/* Control messages (cmsg(3)) of the agent: read strictly, and written anew with the warden's own numbers. */
#ifndef WARDEN_ANCILLARY_H
#define WARDEN_ANCILLARY_H

#include <stddef.h>
#include <sys/socket.h>

/* Most descriptors of one message: SCM_MAX_FD, unix(7). */
#define ANCILLARY_DESCRIPTORS 253

/* Longest list of control messages; the kernel's own limit is net.core.optmem_max. */
#define ANCILLARY_MAX (128u << 10)

/* The sender's descriptors and credentials, as whoever reads a list must know them. */
struct ancillary_sender {
	/* A duplicate of descriptor `fd`, or -errno. */
	int (*duplicate)(const void *sender, int fd);
	/* 0, or -EPERM when the sender may not call itself that. */
	int (*check)(const void *sender, const struct ucred *credentials);
	const void *sender;
};

struct ancillary {
	unsigned count;
	int descriptors[ANCILLARY_DESCRIPTORS]; /* duplicates */
	size_t length;
	char *bytes; /* the new list */
};

/* Rewrites the `length` bytes at `list` for a socket of that domain. 0 or -errno, as sendmsg(2) gives it; what
 * takes a capability is -EPERM. Give it back with ancillary_close in any case. */
int ancillary_rewrite(const char *list, size_t length, int domain, const struct ancillary_sender *from,
		      struct ancillary *out);
void ancillary_close(struct ancillary *a);

#endif
