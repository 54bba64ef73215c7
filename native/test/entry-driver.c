/* entry-driver LOG command [argument]... : plays the warden for leash-entry, which the command starts with `--socket
 * 3`.
 *
 * Listeners echo what they receive; nobody is at UDP port 443. Refused calls are answered EPERM, all others continue.
 * LOG receives one fact per line: tcp LOCAL PEER | dns PEER BYTES | udp AGENT_PORT PEER_PORT BYTES | landlock ABI |
 * failed STEP ERRNO TEXT | refused NAME COUNT | mediated NAME COUNT | exit STATUS
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "datagram.h"
#include "descriptors.h"
#include "entry.h"
#include "syscalls.h"

static FILE *facts;
static unsigned counts[SYSCALL_ROWS + 1];

static void start(void *(*run)(void *), int fd)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, run, (void *)(intptr_t)fd) || pthread_detach(thread))
		abort();
}

static const char *describe(const struct sockaddr_storage *address, char text[80])
{
	char host[INET6_ADDRSTRLEN];
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;

	if (address->ss_family == AF_INET)
		snprintf(text, 80, "%s:%d", inet_ntop(AF_INET, &v4->sin_addr, host, sizeof(host)), ntohs(v4->sin_port));
	else
		snprintf(text, 80, "[%s]:%d", inet_ntop(AF_INET6, &v6->sin6_addr, host, sizeof(host)),
			 ntohs(v6->sin6_port));
	return text;
}

static void *echo_stream(void *argument)
{
	int fd = (int)(intptr_t)argument;
	char buffer[65536];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		for (ssize_t done = 0, w; done < n; done += w)
			if ((w = send(fd, buffer + done, (size_t)(n - done), MSG_NOSIGNAL)) < 0)
				n = w = 0;
	close(fd);
	return NULL;
}

static void *accept_streams(void *argument)
{
	int listener = (int)(intptr_t)argument;

	for (;;) {
		struct sockaddr_storage local, peer;
		socklen_t local_length = sizeof(local), peer_length = sizeof(peer);
		char a[80], b[80];
		int fd = accept4(listener, (struct sockaddr *)&peer, &peer_length, SOCK_CLOEXEC);
		if (fd < 0 || getsockname(fd, (struct sockaddr *)&local, &local_length))
			abort();
		fprintf(facts, "tcp %s %s\n", describe(&local, a), describe(&peer, b));
		start(echo_stream, fd);
	}
}

static void *echo_datagrams(void *argument)
{
	int fd = (int)(intptr_t)argument;

	for (;;) {
		struct sockaddr_storage peer;
		socklen_t length = sizeof(peer);
		char buffer[2048], text[80];
		ssize_t n = recvfrom(fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&peer, &length);
		if (n < 0)
			abort();
		fprintf(facts, "dns %s %zd\n", describe(&peer, text), n);
		sendto(fd, buffer, (size_t)n, 0, (struct sockaddr *)&peer, length);
	}
}

static int replies[2]; /* IPv4, IPv6 */

static void *echo_captured(void *argument)
{
	struct pollfd p = { .fd = (int)(intptr_t)argument, .events = POLLIN };
	struct wire_datagram ends;
	char *bytes = malloc(WIRE_DATAGRAM_MAX);

	while (bytes && poll(&p, 1, -1) > 0) {
		ssize_t n = datagram_receive(p.fd, &ends, bytes, WIRE_DATAGRAM_MAX);
		if (n < 0)
			abort();
		int raw = replies[ends.family == 4 ? 0 : 1];
		fprintf(facts, "udp %u %u %zd\n", ends.agent_port, ends.peer_port, n);
		int error = ends.peer_port == 443 ? datagram_unreachable(raw, &ends)
						  : datagram_deliver(raw, &ends, bytes, (size_t)n);
		if (error)
			fprintf(facts, "undelivered %d\n", error);
	}
	return NULL;
}

static void *answer_notifications(void *argument)
{
	int fd = (int)(intptr_t)argument;

	for (;;) {
		struct seccomp_notif call = { 0 };
		struct seccomp_notif_resp answer = { 0 };
		if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call)) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			return NULL;
		}
		const struct syscall_row *row = syscall_row(call.data.nr);
		counts[row ? (size_t)(row - syscall_table) : SYSCALL_ROWS]++;
		answer.id = call.id;
		if (syscall_is_refused(call.data.nr))
			answer.error = -EPERM;
		else
			answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
}

static void serve(const struct entry_message *m, const int *fds, unsigned count, pid_t entry)
{
	if (m->type == ENTRY_LISTENERS && count == 8) {
		start(accept_streams, fds[0]);
		start(accept_streams, fds[1]);
		start(echo_datagrams, fds[2]);
		start(echo_datagrams, fds[3]);
		replies[0] = fds[6];
		replies[1] = fds[7];
		start(echo_captured, fds[4]);
		start(echo_captured, fds[5]);
	} else if (m->type == ENTRY_FILTER && count == 0) {
		int pidfd = (int)syscall(SYS_pidfd_open, entry, 0);
		fprintf(facts, "landlock %u\n", m->landlock_abi);
		start(answer_notifications, (int)syscall(SYS_pidfd_getfd, pidfd, m->listener, 0));
		close(pidfd);
	} else {
		fprintf(stderr, "unexpected message %u with %u descriptors\n", m->type, count);
		exit(1);
	}
}

/* A message, with its descriptors and the pid of its sender. */
static bool receive(int socket, struct entry_message *m, int fds[DESCRIPTORS_MAX], unsigned *count, pid_t *sender)
{
	char control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
	struct iovec part = { m, sizeof(*m) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
	};

	*count = 0;
	if (recvmsg(socket, &message, MSG_CMSG_CLOEXEC) != sizeof(*m))
		return false;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
		struct ucred credentials;
		size_t length = h->cmsg_len - CMSG_LEN(0);
		if (h->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&credentials, CMSG_DATA(h), sizeof(credentials));
			*sender = credentials.pid;
		} else {
			*count = (unsigned)(length / sizeof(int));
			memcpy(fds, CMSG_DATA(h), length);
		}
	}
	return true;
}

static void converse(int socket)
{
	const struct entry_message go = { .type = ENTRY_GO };
	struct entry_message m;
	int fds[DESCRIPTORS_MAX], on = 1;
	unsigned count;
	pid_t sender = 0;

	setsockopt(socket, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on));
	while (receive(socket, &m, fds, &count, &sender)) {
		if (m.type == ENTRY_FAILED) {
			fprintf(facts, "failed %u %d %s\n", m.step, m.error, m.text);
			continue;
		}
		serve(&m, fds, count, sender);
		if (descriptors_send(socket, &go, sizeof(go), NULL, 0))
			return;
	}
}

static pid_t spawn(char *const argv[], int socket)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	if (dup2(socket, 3) < 0)
		_exit(1);
	execvp(argv[0], argv);
	_exit(127);
}

static void report_counts(void)
{
	for (size_t i = 0; i < SYSCALL_ROWS; i++)
		if (counts[i])
			fprintf(facts, "%s %s %u\n",
				syscall_table[i].treatment == SYSCALL_MEDIATED ? "mediated" : "refused",
				syscall_table[i].name, counts[i]);
	if (counts[SYSCALL_ROWS])
		fprintf(facts, "refused unknown %u\n", counts[SYSCALL_ROWS]);
}

int main(int argc, char **argv)
{
	int pair[2], status;

	if (argc < 3 || !(facts = fopen(argv[1], "we")))
		return 2;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return 1;
	/* 3 must be free for the child's end. */
	int ours = fcntl(pair[0], F_DUPFD_CLOEXEC, 10), theirs = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
	close(pair[0]);
	close(pair[1]);
	pid_t pid = spawn(argv + 2, theirs);
	close(theirs);
	converse(ours);
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	report_counts();
	fprintf(facts, "exit %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(facts) ? 1 : 0;
}
