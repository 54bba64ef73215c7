/* Calls on the agent's sockets that may wait, made as the kernel would have made them for the agent. */
#ifndef WARDEN_PATIENCE_H
#define WARDEN_PATIENCE_H

#include "endpoint.h"

/* connect(2) to the address of `e`, which was judged. 0 or -errno. */
int patient_connect(const struct call *c, struct endpoint *e);

/* sendmsg(2) without SIGPIPE. Bytes sent or -errno. */
ssize_t patient_send(const struct call *c, const struct endpoint *e, const struct msghdr *m, int flags);

#endif
