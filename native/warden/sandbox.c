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
#include "commands.h"
#include "dialer.h"
#include "door.h"
#include "endpoint.h"
#include "entry.h"
#include "first_process.h"
#include "groups.h"
#include "line.h"
#include "notify.h"
#include "privileges.h"
#include "records.h"
#include "relay.h"
#include "resolve.h"
#include "starter.h"
#include "umask.h"

#define ENTRY_DESCRIPTOR 3
#define MAX_ERRNO 4095 /* linux/err.h */

static pid_t agent;
static pid_t backend;
static bool is_other_user;
static struct ucred sender; /* of the entry's last message, as the kernel vouches for it */

pid_t sandbox_agent(void)
{
	return agent;
}

void sandbox_expect_user(void)
{
	is_other_user = true;
}

int32_t sandbox_status(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Executes nothing before the warden has put it where it belongs: end of file instead of a byte says it could not. */
static void child(const struct sandbox_command *command, int socket, int gate, pid_t parent)
{
	static const int ignored[] = { SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGHUP, SIGTERM };
	sigset_t none;
	char go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || read(gate, &go, 1) != 1)
		_exit(125);
	/* The terminal's signals are for the agent; the entry resets them before it becomes the agent. */
	for (unsigned i = 0; i < sizeof ignored / sizeof *ignored; i++)
		signal(ignored[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask_give(is_other_user);
	/* An engine: out of reach of the terminal's keys, unless it is the one that reads them. */
	if (command->is_detached ? setsid() < 0 : commands_enter())
		_exit(125);
	if (socket >= 0 && dup2(socket, ENTRY_DESCRIPTOR) < 0)
		_exit(125);
	execv(command->argv[0], command->argv);
	_exit(errno == ENOENT ? 127 : 126);
}

pid_t sandbox_start(const struct sandbox_command *command, int *entry_socket)
{
	int pair[2] = { -1, -1 }, gate[2], one = 1;

	if (entry_socket && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		close(gate[1]);
		child(command, pair[1], gate[0], parent);
	}
	int error = pid < 0 ? -errno : groups_join(pid);
	if (!error && write(gate[1], "", 1) != 1)
		error = -errno;
	close(gate[0]);
	close(gate[1]);
	if (entry_socket) {
		setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one);
		close(pair[1]);
		*entry_socket = pair[0];
	}
	backend = pid;
	return error ? error : pid;
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

/* The notification descriptor of the entry process. A descriptor or -errno. */
static int take_listener(const struct entry_message *m)
{
	int pidfd = (int)syscall(SYS_pidfd_open, agent, 0);
	int listener = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, m->listener, 0);
	int error = errno;

	if (pidfd >= 0)
		close(pidfd);
	return listener < 0 ? -error : listener;
}

static int release_with_starter(int entry_socket)
{
	const struct entry_message go = { .type = ENTRY_GO };
	int starter = starter_open();
	int error = starter < 0 ? starter : descriptors_send(entry_socket, &go, sizeof go, &starter, 1);

	if (starter >= 0)
		close(starter);
	return error;
}

/* The filter is in force: learn the agent's root, then answer its calls. */
static int begin(int entry_socket, const struct entry_message *m)
{
	char path[64];
	int listener = take_listener(m);

	if (listener < 0)
		return fault(WIRE_FAULT_SANDBOX, -listener, "the notification descriptor cannot be taken");
	first_process_hold(agent);
	snprintf(path, sizeof path, "/proc/%d/root", agent);
	int root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fault(WIRE_FAULT_SANDBOX, errno, "the sandbox's root cannot be opened");
	resolve_open_root(root);
	int error = is_other_user ? privileges_become(sender.uid, sender.gid) : 0;
	if (error)
		return fault(WIRE_FAULT_SANDBOX, -error, "the warden cannot act as the image's user");
	error = line_begin(agent);
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
	return release_with_starter(entry_socket) ? fault(WIRE_FAULT_SANDBOX, EPIPE, "the entry process ended early")
						  : 1;
}

static int failed(const struct entry_message *m)
{
	char text[sizeof m->text + 1];
	int error = m->error > 0 && m->error <= MAX_ERRNO ? m->error : EPROTO;

	memcpy(text, m->text, sizeof m->text);
	text[sizeof m->text] = '\0';
	return fault(m->step == ENTRY_STEP_EXEC ? WIRE_FAULT_EXEC : WIRE_FAULT_SANDBOX, error, text);
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

	ssize_t n;

	*count = 0;
	do
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return n < 0 ? -errno : 0;
	for (struct cmsghdr *h = CMSG_FIRSTHDR(&message); h; h = CMSG_NXTHDR(&message, h)) {
		if (h->cmsg_level != SOL_SOCKET)
			continue;
		if (h->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&sender, CMSG_DATA(h), sizeof sender);
			agent = sender.pid;
		} else if (h->cmsg_type == SCM_RIGHTS) {
			*count = (unsigned)((h->cmsg_len - CMSG_LEN(0)) / sizeof(int));
			memcpy(fds, CMSG_DATA(h), *count * sizeof(int));
		}
	}
	return message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EMSGSIZE : n;
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
	if (m.type == ENTRY_LISTENERS && count == 8) {
		int error = dialer_enter(fds[0]);
		if (error)
			return fault(WIRE_FAULT_SANDBOX, -error, "ports cannot be published on this machine");
		error = endpoint_open_network(fds[0]);
		if (!error)
			error = hand_over(channel, fds);
		if (!error)
			error = dialer_begin();
		if (!error)
			error = relay_open(fds + 4);
		return error ? fault(WIRE_FAULT_SANDBOX, -error, "the sandbox's listeners could not be handed over")
			     : 1;
	}
	if (m.type == ENTRY_FILTER && count == 0)
		return begin(entry_socket, &m);
	if (m.type == ENTRY_FAILED)
		return failed(&m);
	return fault(WIRE_FAULT_PROTOCOL, EPROTO, "a message of the entry process was not understood");
}

void sandbox_cancel(void)
{
	if (is_other_user)
		sandbox_kill(backend);
}

void sandbox_kill(pid_t sandbox)
{
	if (!door_end())
		kill(sandbox, SIGKILL);
}

/* Until bubblewrap's child has said that it dies with its parent, it does not: making a user namespace clears what fork
 * handed it. Its parent gone, it would wait for ever; it is this process's child then. Sources: commit_creds(),
 * PR_SET_CHILD_SUBREAPER in prctl(2), proc_pid_task_children(5). */
void sandbox_end(pid_t sandbox)
{
	char path[64];
	int child;

	/* An engine's own processes clean up after the container; its command ends with this process. */
	if (door_end() || is_other_user)
		return;
	kill(sandbox, SIGKILL);
	waitpid(sandbox, NULL, 0);
	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	FILE *children = fopen(path, "re");
	while (children && fscanf(children, "%d", &child) == 1)
		kill(child, SIGKILL);
	if (children)
		fclose(children);
}
