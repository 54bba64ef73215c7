/* A container engine hands no descriptors on, so its first process has to come by itself. Who can reach the socket is
 * the user already, or in a container that shows it; it must also run the very file that was put there, as the first
 * process of namespaces that are not the warden's. */
#define _GNU_SOURCE
#include "door.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "descriptors.h"
#include "entry.h"
#include "records.h"
#include "status.h"
#include "umask.h"

/* Ends the first process of the container, and with it everything in its pid namespace. */
static int first = -1;
/* Nothing is written to it: that it is open tells the container that the warden is there. */
static int lifeline = -1;

/* The folder is reached by a descriptor: its path may be longer than a socket's address can be. */
static int bind_at(int socket, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *name = strrchr(path, '/');
	char folder[4096];

	if (!name || (size_t)(name - path) >= sizeof folder)
		return -EINVAL;
	memcpy(folder, path, (size_t)(name - path));
	folder[name - path] = '\0';
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d%s", fd, name);
	int error = bind(socket, (struct sockaddr *)&address, sizeof address) ? -errno : 0;
	close(fd);
	return error;
}

int door_open(const struct door *d)
{
	int one = 1, s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	/* The container's root may be another user; the folder around it is the user's alone. */
	mode_t mask = umask(0);
	int error = s < 0 ? -errno : bind_at(s, d->path);

	umask(mask);
	if (!error && (setsockopt(s, SOL_SOCKET, SO_PASSCRED, &one, sizeof one) || listen(s, 1)))
		error = -errno;
	if (error && s >= 0)
		close(s);
	fcntl(d->environment, F_SETFD, FD_CLOEXEC);
	return error ? error : s;
}

static bool is_first_of_its_own(pid_t pid)
{
	static const char *const kinds[] = { "pid", "net", "mnt", "ipc", "uts" };
	char status[4096], path[64];

	if (!status_read(pid, status, sizeof status))
		return false;
	const char *inner = status_field(status, "\nNSpid:");
	if (!inner || status_last_number(inner) != 1)
		return false;
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct stat its, own;
		snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, kinds[i]);
		if (stat(path, &its))
			return false;
		snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i]);
		if (stat(path, &own) || (its.st_dev == own.st_dev && its.st_ino == own.st_ino))
			return false;
	}
	return true;
}

static bool runs(pid_t pid, const char *program)
{
	struct stat its, wanted;
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/exe", pid);
	return stat(path, &its) == 0 && stat(program, &wanted) == 0 && its.st_dev == wanted.st_dev &&
	       its.st_ino == wanted.st_ino;
}

/* A pidfd of who connected, or -errno. */
static int identify(const struct door *d, int connection)
{
	struct ucred peer;
	socklen_t size = sizeof peer;

	if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size))
		return -errno;
	/* 0: not in this pid namespace, as in a container engine's virtual machine. */
	int fd = peer.pid > 0 ? (int)syscall(SYS_pidfd_open, peer.pid, 0) : -1;
	if (fd < 0)
		return -ESRCH;
	bool is_right = is_first_of_its_own(peer.pid) && runs(peer.pid, d->program);
	/* Alive still, so its number was its own all the time. */
	struct pollfd ended = { .fd = fd, .events = POLLIN };
	if (is_right && poll(&ended, 1, 0) == 0)
		return fd;
	close(fd);
	return -EPERM;
}

static int hand_streams(const struct door *d, int connection)
{
	const struct entry_message m = { .type = d->led.is_terminal ? ENTRY_TERMINAL : ENTRY_STREAMS,
					 .umask = umask_of_agent() };
	const int *led = d->led.fds;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	const int fds[ENTRY_STREAMS_MAX] = { ends[0], d->environment, led[0], led[1], led[2] };
	int error =
		descriptors_send(connection, &m, sizeof m, fds, d->has_terminal ? ENTRY_STANDARD : ENTRY_STREAMS_MAX);
	close(ends[0]);
	close(d->environment);
	for (int i = 0; i <= STDERR_FILENO; i++)
		if (led[i] > STDERR_FILENO)
			close(led[i]);
	lifeline = ends[1];
	return error;
}

int door_answer(const struct door *d, int *listener)
{
	int connection = accept4(*listener, NULL, NULL, SOCK_CLOEXEC);
	int error = connection < 0 ? -errno : 0;

	close(*listener);
	unlink(d->path);
	*listener = connection;
	if (!error) {
		first = identify(d, connection);
		error = first < 0 ? first : hand_streams(d, connection);
	}
	if (!error)
		return 0;
	records_fault(WIRE_FAULT_SANDBOX, -error,
		      "the container's first process is not the one that Leash put there, or not on this machine");
	return error;
}

bool door_end(void)
{
	return first >= 0 && syscall(SYS_pidfd_send_signal, first, SIGKILL, NULL, 0) == 0;
}
