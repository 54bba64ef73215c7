/* leash-entry --socket FD [--write PATH]... -- command [argument]...
 *
 * The first process inside the sandbox: a socket to the warden enters, the agent's command leaves, with no way out but
 * the warden's answers and the manager's listeners. include/entry.h has the protocol. Exit status on failure: 127 when
 * the command does not exist, 126 when it cannot be executed, 125 when the sandbox could not be built.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "descriptors.h"
#include "entry.h"
#include "step.h"

enum { EXIT_SANDBOX = 125, EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

struct arguments {
	int socket;
	char **writable;
	unsigned writable_count;
	char **command;
};

static _Noreturn void usage(void)
{
	fputs("usage: leash-entry --socket FD [--write PATH]... -- command [argument]...\n", stderr);
	exit(EXIT_SANDBOX);
}

static int parse_descriptor(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (end == text || *end || value <= STDERR_FILENO || value >= INT_MAX)
		usage();
	return (int)value;
}

/* Collects the --write paths at the front of argv itself. */
static struct arguments parse(char **argv)
{
	struct arguments a = { .socket = -1, .writable = argv };
	char **next = argv + 1;

	for (; *next && strcmp(*next, "--"); next += 2) {
		if (!next[1])
			usage();
		if (!strcmp(*next, "--socket"))
			a.socket = parse_descriptor(next[1]);
		else if (!strcmp(*next, "--write"))
			a.writable[a.writable_count++] = next[1];
		else
			usage();
	}
	if (!*next || !next[1] || a.socket < 0)
		usage();
	a.command = next + 1;
	return a;
}

static int close_range_of(unsigned first, unsigned last)
{
	return first <= last && syscall(SYS_close_range, first, last, 0) ? -errno : 0;
}

/* Keeps the three standard streams and the socket, which closes when the command starts. */
static int close_inherited(int socket)
{
	int error = close_range_of(STDERR_FILENO + 1, (unsigned)socket - 1);

	if (!error)
		error = close_range_of((unsigned)socket + 1, UINT_MAX);
	if (!error && fcntl(socket, F_SETFD, FD_CLOEXEC))
		error = -errno;
	return error;
}

static _Noreturn void fail(int socket, enum entry_step step, int error, const char *text)
{
	struct entry_message m = { .type = ENTRY_FAILED, .step = step, .error = -error };
	int status = EXIT_SANDBOX;

	snprintf(m.text, sizeof(m.text), "%s", text);
	descriptors_send(socket, &m, sizeof(m), NULL, 0);
	if (step == ENTRY_STEP_EXEC)
		status = error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	exit(status);
}

/* Hands descriptors to the warden, closes them here, and waits until it says to go on. */
static void hand_over(int socket, const struct entry_message *m, const int *fds, unsigned count)
{
	struct entry_message reply;
	unsigned none;
	int error = descriptors_send(socket, m, sizeof(*m), fds, count);

	if (error)
		exit(EXIT_SANDBOX);
	for (unsigned i = 0; i < count; i++)
		close(fds[i]);
	if (descriptors_receive(socket, &reply, sizeof(reply), NULL, 0, &none) != sizeof(reply) ||
	    reply.type != ENTRY_GO)
		exit(EXIT_SANDBOX);
}

static void build_network(int socket)
{
	const struct entry_message listeners = { .type = ENTRY_LISTENERS };
	struct failure failure = { 0 };
	int fds[LISTENERS];
	int error = network_make_all_local(&failure);

	if (!error)
		error = netfilter_load(&failure);
	if (!error)
		error = listeners_open(fds, &failure);
	if (error)
		fail(socket, ENTRY_STEP_NETWORK, error, failure.text);
	hand_over(socket, &listeners, fds, LISTENERS);
}

static void confine(const struct arguments *a)
{
	struct entry_message filter = { .type = ENTRY_FILTER };
	struct failure failure = { 0 };
	int listener;
	int error = privileges_drop(&failure);

	if (error)
		fail(a->socket, ENTRY_STEP_PRIVILEGES, error, failure.text);
	error = landlock_restrict(a->writable, a->writable_count, &filter.landlock_abi, &failure);
	if (error)
		fail(a->socket, ENTRY_STEP_LANDLOCK, error, failure.text);
	error = filter_install(&listener, &failure);
	if (error)
		fail(a->socket, ENTRY_STEP_FILTER, error, failure.text);
	hand_over(a->socket, &filter, &listener, 1);
}

/* `leash-entry --probe`: whether this kernel grants what the network of a sandbox needs, tried in namespaces of its
 * own. */
static int probe(void)
{
	struct failure failure = { .text = "making a user namespace" };
	int fds[LISTENERS];
	int error = unshare(CLONE_NEWUSER) ? -errno : network_make_all_local(&failure);

	if (!error)
		error = netfilter_load(&failure);
	if (!error)
		error = listeners_open(fds, &failure);
	if (error)
		fprintf(stderr, "%s: %s\n", failure.text, strerror(-error));
	return error ? EXIT_SANDBOX : 0;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		usage();
	if (argc == 2 && !strcmp(argv[1], "--probe"))
		return probe();
	struct arguments a = parse(argv);
	struct failure failure = { 0 };
	int error = close_inherited(a.socket);

	if (error)
		fail(a.socket, ENTRY_STEP_PRIVILEGES, error, "closing inherited descriptors");
	build_network(a.socket);
	confine(&a);
	error = command_become(a.command, &failure);
	fail(a.socket, ENTRY_STEP_EXEC, error, failure.text);
}
