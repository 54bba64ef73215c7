/* The steps of leash-entry, in the order main.c takes them. Each returns 0, or -errno with `failure` telling what was
 * tried. */
#ifndef LEASH_ENTRY_STEP_H
#define LEASH_ENTRY_STEP_H

#include <stdint.h>

/* What was tried when a step failed: static text, for ENTRY_FAILED. */
struct failure {
	const char *text;
};

/* Remembers what failed and passes the error on: `return failed(f, -errno, "...")`. */
static inline int failed(struct failure *failure, int error, const char *text)
{
	failure->text = text;
	return error;
}

/* The sockets that receive everything the sandbox sends: order and content of ENTRY_LISTENERS. */
enum listener { LISTENER_TCP4, LISTENER_TCP6, LISTENER_UDP4, LISTENER_UDP6, LISTENERS };

/* Brings loopback up and makes every IPv4 and IPv6 address local to this network namespace, so that nothing has a way
 * out. */
int network_make_all_local(struct failure *failure);

/* Loads the nf_tables ruleset that leads all TCP and DNS to the listeners. */
int netfilter_load(struct failure *failure);

/* Opens the listeners; on failure none stays open. */
int listeners_open(int fds[LISTENERS], struct failure *failure);

/* Gives up every capability for good: no exec, of any file by any uid, returns one. No crash writes a core file. */
int privileges_drop(struct failure *failure);

/* Restricts writing to what lies beneath `directories`, and signals and abstract unix sockets to this sandbox.
 * `*abi` becomes the Landlock ABI in force, 0 when the kernel has none.
 */
int landlock_restrict(char *const *directories, unsigned count, uint32_t *abi, struct failure *failure);

/* Installs the seccomp filter of syscalls.h; `*listener` becomes its notification descriptor. */
int filter_install(int *listener, struct failure *failure);

/* Becomes the command, with default signal handling; returns only on failure. `argv[0]` is looked up in PATH when it
 * has no slash. */
int command_become(char *const argv[], struct failure *failure);

#endif
