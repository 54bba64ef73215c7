/* Messages that carry file descriptors over a unix socket: bytes and descriptors enter, the same leave at the other
 * end. */
#define _GNU_SOURCE
#include "descriptors.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
};

int descriptors_send(int socket, const void *message, size_t length, const int *fds, unsigned count)
{
	union control control = { 0 };
	struct iovec data = { .iov_base = (void *)message, .iov_len = length };
	struct msghdr header = { .msg_iov = &data, .msg_iovlen = 1 };
	ssize_t sent;

	if (count > DESCRIPTORS_MAX)
		return -EINVAL;
	if (count) {
		header.msg_control = control.bytes;
		header.msg_controllen = CMSG_SPACE(sizeof(int) * count);
		struct cmsghdr *rights = CMSG_FIRSTHDR(&header);
		rights->cmsg_level = SOL_SOCKET;
		rights->cmsg_type = SCM_RIGHTS;
		rights->cmsg_len = CMSG_LEN(sizeof(int) * count);
		memcpy(CMSG_DATA(rights), fds, sizeof(int) * count);
	}
	do
		sent = sendmsg(socket, &header, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -errno;
	return (size_t)sent == length ? 0 : -EMSGSIZE;
}

static unsigned take_descriptors(struct msghdr *header, int fds[DESCRIPTORS_MAX])
{
	unsigned count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		unsigned n = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(fds + count, CMSG_DATA(c), n * sizeof(int));
		count += n;
	}
	return count;
}

ssize_t descriptors_receive(int socket, void *message, size_t length, int *fds, unsigned capacity, unsigned *count)
{
	union control control;
	struct iovec data = { .iov_base = message, .iov_len = length };
	struct msghdr header = {
		.msg_iov = &data, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	int taken[DESCRIPTORS_MAX];
	ssize_t received;

	*count = 0;
	do
		received = recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
	while (received < 0 && errno == EINTR);
	if (received < 0)
		return -errno;
	unsigned n = take_descriptors(&header, taken);
	if (n > capacity || header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		for (unsigned i = 0; i < n; i++)
			close(taken[i]);
		return -EMSGSIZE;
	}
	memcpy(fds, taken, n * sizeof(int));
	*count = n;
	return received;
}
