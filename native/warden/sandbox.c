/* Starts the backend and leads the entry process through the protocol of entry.h. */
#define _GNU_SOURCE
#include "sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/descriptors.h"
#include "channel.h"
#include "entry.h"
#include "line.h"
#include "notify.h"
#include "records.h"
#include "resolve.h"

#define ENTRY_DESCRIPTOR 3

static pid_t agent;

pid_t sandbox_agent(void)
{
	return agent;
}

int32_t sandbox_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void child(char *const argv[], int socket, pid_t parent)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP, SIGTERM };
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(125);
	/* The terminal's signals are for the agent; the entry resets them before it becomes the agent. */
	for (unsigned i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	if (dup2(socket, ENTRY_DESCRIPTOR) < 0)
		_exit(125);
	execv(argv[0], argv);
	_exit(errno == ENOENT ? 127 : 126);
}

pid_t sandbox_start(char *const argv[], int *entry_socket)
{
	int pair[2], one = 1;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		child(argv, pair[1], parent);
	close(pair[1]);
	*entry_socket = pair[0];
	return pid < 0 ? -errno : pid;
}

int sandbox_release(int entry_socket)
{
	struct entry_message go = { .type = ENTRY_GO };

	return send(entry_socket, &go, sizeof go, MSG_NOSIGNAL) == sizeof go ? 0 : -EPIPE;
}

static int hand_over(int channel, const int *fds)
{
	static const struct {
		const char *type, *name;
	} listeners[] = { { "net.Server", "tcp4" },
			  { "net.Server", "tcp6" },
			  { "dgram.Native", "udp4" },
			  { "dgram.Native", "udp6" } };
	int error = 0;

	for (unsigned i = 0; i < 4; i++) {
		if (!error)
			error = channel_send(channel, listeners[i].type, listeners[i].name, fds[i]);
		close(fds[i]);
	}
	return error;
}

static int fault(enum wire_fault_code code, int error, const char *text)
{
	records_fault(code, error, text);
	return error ? -error : -EPROTO;
}

/* The filter is in force: learn the agent's root, then answer its calls. */
static int begin(int entry_socket, const struct entry_message *m, int listener)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/root", agent);
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fault(WIRE_FAULT_SANDBOX, errno, "the sandbox's root cannot be opened");
	resolve_open_root(root);
	int error = line_begin(agent);
	if (error)
		return fault(WIRE_FAULT_SANDBOX, -error,
			     error == -ERANGE ? "the hard limit of file locks (ulimit -Hx) must be 262144 or more"
					      : "the agent's line of descent cannot be begun");
	struct wire_ready ready = { .pid = agent, .landlock_abi = m->landlock_abi };
	struct part part = { &ready, sizeof ready };
	records_send_now(WIRE_READY, &part, 1);
	error = notify_start(listener);
	if (error)
		return fault(WIRE_FAULT_SANDBOX, -error, "system calls cannot be received");
	return sandbox_release(entry_socket) ? fault(WIRE_FAULT_SANDBOX, EPIPE, "the entry process ended early") : 1;
}

static int failed(const struct entry_message *m)
{
	char text[sizeof m->text + 1];

	memcpy(text, m->text, sizeof m->text);
	text[sizeof m->text] = '\0';
	return fault(m->step == ENTRY_STEP_EXEC ? WIRE_FAULT_EXEC : WIRE_FAULT_SANDBOX, m->error, text);
}

/* The sender's pid, as the kernel vouches for it; entry lives in another pid namespace, the number is translated for
 * this one. */
static ssize_t receive(int socket, struct entry_message *m, int *fds, unsigned *count)
{
	char control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
	struct iovec part = { m, sizeof *m };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control
	};

	*count = 0;
	ssize_t n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
		if (h->cmsg_level != SOL_SOCKET)
			continue;
		if (h->cmsg_type == SCM_CREDENTIALS) {
			struct ucred credentials;
			memcpy(&credentials, CMSG_DATA(h), sizeof credentials);
			agent = credentials.pid;
		} else if (h->cmsg_type == SCM_RIGHTS) {
			*count = (unsigned)((h->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(fds, CMSG_DATA(h), *count * sizeof(int));
		}
	}
	return n;
}

int sandbox_message(int entry_socket, int channel)
{
	struct entry_message m;
	int fds[DESCRIPTORS_MAX];
	unsigned count;
	ssize_t n = receive(entry_socket, &m, fds, &count);

	if (n == 0)
		return 0;
	if (n != sizeof m)
		return fault(WIRE_FAULT_PROTOCOL, EPROTO, "a message of the entry process was not understood");
	if (m.type == ENTRY_LISTENERS && count == 4) {
		int error = hand_over(channel, fds);
		return error ? fault(WIRE_FAULT_SANDBOX, -error, "the sandbox's listeners could not be handed over")
			     : 1;
	}
	if (m.type == ENTRY_FILTER && count == 1)
		return begin(entry_socket, &m, fds[0]);
	if (m.type == ENTRY_FAILED)
		return failed(&m);
	return fault(WIRE_FAULT_PROTOCOL, EPROTO, "a message of the entry process was not understood");
}
