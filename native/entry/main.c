/* leash-entry --socket FD | --door PATH [--nest yes] [--processes N]
 * [--write|--overlay|--mask|--own PATH]... [--cover SOURCE:PLACE]... -- command…
 *
 * The first process inside the sandbox: a socket to the warden enters, the agent's command leaves, with no way out but
 * the warden's answers and the manager's listeners. With --door it is the first of a container, connects to the warden,
 * and becomes the user that it is told there once the container's network is built; with --nest it shares the manager's
 * pid namespace until then, and lays files over the image's itself. include/entry.h has the protocol. Exit status on
 * failure: 127 when the command does not exist, 126 when it cannot be executed, 125 when the sandbox could not be
 * built.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arguments.h"
#include "descriptors.h"
#include "entry.h"
#include "step.h"

enum { EXIT_NOT_EXECUTABLE = 126, EXIT_NOT_FOUND = 127 };

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
	send(socket, &m, sizeof(m), MSG_NOSIGNAL);
	if (step == ENTRY_STEP_EXEC)
		status = error == -ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	exit(status);
}

/* The descriptor that came with it, or -1. */
static int await_go(int socket)
{
	struct entry_message reply;
	unsigned count;
	int fd = -1;

	if (descriptors_receive(socket, &reply, sizeof(reply), &fd, 1, &count) != sizeof(reply) ||
	    reply.type != ENTRY_GO)
		exit(EXIT_SANDBOX);
	return count ? fd : -1;
}

/* Hands the listeners to the warden, closes them here, and waits until it says to go on. */
static void hand_over(int socket, const int fds[LISTENERS])
{
	const struct entry_message m = { .type = ENTRY_LISTENERS };

	if (descriptors_send(socket, &m, sizeof(m), fds, LISTENERS))
		exit(EXIT_SANDBOX);
	for (unsigned i = 0; i < LISTENERS; i++)
		close(fds[i]);
	await_go(socket);
}

static void build_network(int socket, bool is_given)
{
	struct failure failure = { 0 };
	int fds[LISTENERS];
	int error = is_given ? network_take(&failure) : network_make(&failure);

	if (!error)
		error = netfilter_load(&failure);
	if (!error)
		error = listeners_open(fds, &failure);
	if (error)
		fail(socket, ENTRY_STEP_NETWORK, error, failure.text);
	hand_over(socket, fds);
}

static void build_overlays(const struct arguments *a)
{
	const struct paths *overlays = &a->paths[OVERLAY], *masks = &a->paths[MASK];
	struct failure failure = { 0 };
	int error = overlay_mount(overlays->list, overlays->count, masks->list, masks->count, &failure);

	if (error)
		fail(a->socket, ENTRY_STEP_REVIEW, error, failure.text);
}

static int confine(const struct arguments *a)
{
	struct entry_message filter = { .type = ENTRY_FILTER };
	struct failure failure = { 0 };
	const struct rlimit processes = { a->processes, a->processes };
	int error = a->processes && setrlimit(RLIMIT_NPROC, &processes) ? -errno : 0;

	if (error)
		fail(a->socket, ENTRY_STEP_PRIVILEGES, error, "limiting processes");
	if (a->belongings.user)
		error = identity_become(a->belongings.user, a->paths[OWN].list, a->paths[OWN].count, &failure);
	if (!error)
		error = copies_make(a->paths[OWN].list[0], &a->belongings.copies, &failure);
	if (!error)
		error = privileges_drop(&failure);
	if (error)
		fail(a->socket, ENTRY_STEP_PRIVILEGES, error, failure.text);
	error = landlock_restrict(a->paths[WRITABLE].list, a->paths[WRITABLE].count, &filter.landlock_abi, &failure);
	if (error)
		fail(a->socket, ENTRY_STEP_LANDLOCK, error, failure.text);
	error = filter_install(&filter.listener, &failure);
	if (error)
		fail(a->socket, ENTRY_STEP_FILTER, error, failure.text);
	if (send(a->socket, &filter, sizeof(filter), MSG_NOSIGNAL) != sizeof(filter))
		exit(EXIT_SANDBOX);
	int starter = await_go(a->socket);
	close(filter.listener);
	return starter;
}

/* `leash-entry --probe`: whether this kernel grants what the network of a sandbox needs, tried in namespaces of its
 * own. */
static int probe(void)
{
	struct failure failure = { .text = "making a user namespace" };
	int fds[LISTENERS];
	int error = unshare(CLONE_NEWUSER) ? -errno : network_make(&failure);

	if (!error)
		error = netfilter_load(&failure);
	if (!error)
		error = listeners_open(fds, &failure);
	if (error)
		fprintf(stderr, "%s: %s\n", failure.text, strerror(-error));
	return error ? EXIT_SANDBOX : 0;
}

/* `leash-entry --probe-overlay`. */
static int probe_overlay(void)
{
	struct failure failure = { 0 };
	int error = overlay_probe(&failure);

	if (error)
		fprintf(stderr, "%s: %s\n", failure.text, strerror(-error));
	return error ? EXIT_SANDBOX : 0;
}

/* `leash-entry --opaque FOLDER`, outside any sandbox. */
static int print_opaque(const char *folder)
{
	int error = opaque_print(folder);

	if (error)
		fprintf(stderr, "reading the upper layer: %s\n", strerror(-error));
	return error ? EXIT_SANDBOX : 0;
}

/* Before there is a connection, only the engine's log can be told of a failure. */
static void enter(struct arguments *a)
{
	struct failure failure = { .text = "closing inherited descriptors" };

	a->socket = close_range_of(STDERR_FILENO + 1, UINT_MAX);
	if (!a->socket && a->nests)
		a->socket = nest(&failure);
	if (!a->socket && a->nests)
		a->socket = cover_all(a->paths[COVER].list, a->paths[COVER].count, a->paths[MASK].list,
				      a->paths[MASK].count, &failure);
	if (!a->socket)
		a->socket = door_enter(a->door, &a->belongings, &failure);
	if (a->socket >= 0)
		return;
	fprintf(stderr, "leash: %s: %s\n", failure.text, strerror(-a->socket));
	exit(EXIT_SANDBOX);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--probe-overlay"))
		return probe_overlay();
	if (argc == 3 && !strcmp(argv[1], "--opaque"))
		return print_opaque(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "--probe"))
		return probe();
	struct arguments a = arguments_parse(argc, argv);
	struct failure failure = { 0 };

	if (a.door)
		enter(&a);
	int error = close_inherited(a.socket);
	if (error)
		fail(a.socket, ENTRY_STEP_PRIVILEGES, error, "closing inherited descriptors");
	links_make(a.belongings.links, a.belongings.link_count);
	build_overlays(&a);
	build_network(a.socket, a.door != NULL);
	int starter = confine(&a);
	if (a.door)
		umask(a.belongings.umask);
	error = starter_begin(starter, &failure);
	if (error)
		fail(a.socket, ENTRY_STEP_FILTER, error, failure.text);
	error = command_become(a.command, &failure);
	fail(a.socket, ENTRY_STEP_EXEC, error, failure.text);
}
