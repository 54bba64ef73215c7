/* bare-notify COMMAND...: runs COMMAND with openat(2) under seccomp user notification, answered in the plainest way that injects a
 * descriptor: receive, copy the path, open it, ADDFD with SEND. No decision, no record. The floor that leash's own engine is compared with.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS _IOW('!', 4, unsigned long long)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1ul
#endif

static int pass(int socket, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof fd)] = { 0 };
	struct iovec part = { &byte, 1 };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };

	if (fd >= 0) {
		struct cmsghdr *h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_RIGHTS;
		h->cmsg_len = CMSG_LEN(sizeof fd);
		memcpy(CMSG_DATA(h), &fd, sizeof fd);
		return sendmsg(socket, &m, 0) == 1 ? 0 : -1;
	}
	if (recvmsg(socket, &m, 0) != 1)
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
	return fd;
}

static int install(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof f / sizeof *f, f };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void serve(int listener)
{
	for (;;) {
		struct seccomp_notif q = { 0 };
		char path[256] = "";
		if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &q)) {
			if (errno == EINTR)
				continue;
			return;
		}
		size_t room = 4096 - (q.data.args[1] & 4095);
		struct iovec local = { path, room < sizeof path ? room : sizeof path - 1 };
		struct iovec remote = { (void *)(unsigned long)q.data.args[1], local.iov_len };
		process_vm_readv((pid_t)q.pid, &local, 1, &remote, 1, 0);
		int fd = open(path, (int)q.data.args[2] | O_CLOEXEC, (int)q.data.args[3]);
		if (fd < 0) {
			struct seccomp_notif_resp r = { .id = q.id, .error = -errno };
			ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &r);
			continue;
		}
		struct seccomp_notif_addfd add = { .id = q.id, .srcfd = (unsigned)fd, .flags = SECCOMP_ADDFD_FLAG_SEND, .newfd_flags = O_CLOEXEC };
		ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
		close(fd);
	}
}

int main(int argc, char **argv)
{
	int pair[2], status;

	if (argc < 2 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return 2;
	pid_t pid = fork();
	if (pid == 0) {
		int listener = install();
		if (listener < 0 || pass(pair[1], listener))
			_exit(125);
		close(listener);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	close(pair[1]);
	int listener = pass(pair[0], -1);
	unsigned long long flags = SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, flags);
	serve(listener);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
