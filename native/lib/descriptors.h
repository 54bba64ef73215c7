/* Messages that carry file descriptors over a unix socket (SCM_RIGHTS, unix(7)). */
#ifndef LEASH_DESCRIPTORS_H
#define LEASH_DESCRIPTORS_H

#include <stddef.h>
#include <sys/types.h>

#define DESCRIPTORS_MAX 8

/* Sends one message with `count` descriptors (0 to DESCRIPTORS_MAX). Returns 0 or -errno; -EPIPE when nobody listens,
 * never SIGPIPE. */
int descriptors_send(int socket, const void *message, size_t length, const int *fds, unsigned count);

/* Receives one message and at most `capacity` descriptors, all close-on-exec, into `fds`; `*count` tells how many came.
 * Returns the bytes received, 0 at end of file, or -errno. A message that was cut, or brought more descriptors than
 * `capacity`, is -EMSGSIZE, and whatever descriptors came with it are closed.
 */
ssize_t descriptors_receive(int socket, void *message, size_t length, int *fds, unsigned capacity, unsigned *count);

#endif
