/* Joins the user and network namespace of the sandbox, where loopback is the agent's, and no other namespace of it: the
 * agent has no number for this process, and no byte of a connection passes here. What it opens leads from the manager
 * to a program that listens inside, never from there to anywhere. */
#define _GNU_SOURCE
#include "dialer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/descriptors.h"
#include "channel.h"
#include "dialogue.h"
#include "privileges.h"

static pid_t child;
static int control = -1;

pid_t dialer_pid(void)
{
	return child;
}

/* A user namespace cannot be joined by whoever is in it already. */
static bool is_own(int namespace)
{
	struct stat other, own;

	return !fstat(namespace, &other) && !stat("/proc/self/ns/user", &own) && other.st_ino == own.st_ino &&
	       other.st_dev == own.st_dev;
}

/* Both namespaces by the socket: no process of the sandbox is asked, whose number could be another's by now. Sources:
 * sock_ioctl(), net/socket.c; ioctl_ns(2). */
static int join(int socket)
{
	int network = ioctl(socket, SIOCGSKNS);
	int owner = network < 0 ? -1 : ioctl(network, NS_GET_USERNS);
	int error = owner < 0 || (!is_own(owner) && setns(owner, CLONE_NEWUSER)) || setns(network, CLONE_NEWNET)
			    ? -errno
			    : 0;

	if (network >= 0)
		close(network);
	if (owner >= 0)
		close(owner);
	return error;
}

/* Changing credentials clears the parent-death signal (prctl(2)). */
static int give_up(pid_t parent)
{
	if (privileges_drop_all() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL))
		return -errno;
	return getppid() == parent ? 0 : -ESRCH;
}

/* Keeps nothing of the warden's but the two sockets, as 3 and 4. */
static bool keep(int *channel, int *orders)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int first = fcntl(*channel, F_DUPFD_CLOEXEC, 100), second = fcntl(*orders, F_DUPFD_CLOEXEC, 100);

	if (null < 0 || first < 0 || second < 0)
		return false;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			return false;
	*channel = dup3(first, 3, O_CLOEXEC);
	*orders = dup3(second, 4, O_CLOEXEC);
	return *channel == 3 && *orders == 4 && !syscall(SYS_close_range, 5u, ~0u, 0);
}

static _Noreturn void live(int channel, int orders, pid_t parent)
{
	char order;
	int socket;
	unsigned count;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || !keep(&channel, &orders))
		_exit(125);
	if (descriptors_receive(orders, &order, 1, &socket, 1, &count) != 1 || count != 1)
		_exit(125);
	int32_t error = join(socket);
	close(socket);
	if (!error)
		error = give_up(parent);
	if (send(orders, &error, sizeof error, MSG_NOSIGNAL) != sizeof error || error)
		_exit(125);
	if (recv(orders, &order, 1, 0) != 1)
		_exit(125);
	dialogue(channel, orders);
	_exit(125);
}

pid_t dialer_start(int channel)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -errno;
	pid_t parent = getpid();
	child = fork();
	if (child == 0)
		live(channel, pair[1], parent);
	int error = child < 0 ? -errno : 0;
	close(pair[1]);
	control = pair[0];
	return error ? error : child;
}

int dialer_enter(int socket)
{
	int32_t error;

	if (!child)
		return 0;
	int sent = descriptors_send(control, "", 1, &socket, 1);
	if (sent)
		return sent;
	return recv(control, &error, sizeof error, 0) == sizeof error ? error : -EPIPE;
}

int dialer_begin(void)
{
	if (!child)
		return 0;
	if (send(control, "", 1, MSG_NOSIGNAL) != 1)
		return -EPIPE;
	/* From now on the channel is the dialer's: what answers one would be read by the other. */
	channel_through(control);
	return 0;
}
