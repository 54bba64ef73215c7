/* A message that the agent wants sent, in its own memory: the header is copied once, then the data piece by piece. */
#ifndef WARDEN_MESSAGE_H
#define WARDEN_MESSAGE_H

#include <limits.h>
#include <sys/uio.h>

#include "endpoint.h"

struct message {
	union address name;
	socklen_t name_length;	     /* 0: no name */
	struct iovec parts[IOV_MAX]; /* not yet taken; addresses of the agent's */
	unsigned part, parts_count;
	size_t length;	  /* of the data not yet taken */
	uint64_t control; /* address of the agent's */
	size_t control_length;
};

/* Copies the struct msghdr at `address`, its name and its list of parts, by the rules of sendmsg(2). 0 or -errno. */
int message_read(const struct call *c, uint64_t address, struct message *m);

/* The one message of sendto(2). 0 or -errno. */
int message_of_sendto(const struct call *c, struct message *m);

/* Copies the next `n` bytes of data, which must be there. 0 or -errno. */
int message_take(const struct call *c, struct message *m, char *buffer, size_t n);

#endif
