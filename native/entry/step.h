/* The steps of leash-entry, in the order main.c takes them. Each returns 0, or -errno with `failure` telling what was
 * tried. */
#ifndef LEASH_ENTRY_STEP_H
#define LEASH_ENTRY_STEP_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "entry.h"

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

/* The sockets that receive everything the sandbox sends, and raw ones for the answers to datagrams: order and content
 * of ENTRY_LISTENERS. */
enum listener {
	LISTENER_TCP4,
	LISTENER_TCP6,
	LISTENER_DNS4,
	LISTENER_DNS6,
	LISTENER_UDP4,
	LISTENER_UDP6,
	REPLIES4,
	REPLIES6,
	LISTENERS,
};

/* Mounts an overlay over each of `places`, masks what `masks` names in them, and hides the layers. Nothing to do
 * without places. */
int overlay_mount(char *const *places, unsigned count, char *const *masks, unsigned mask_count,
		  struct failure *failure);

/* Covers a file or folder, not a link, so that nothing of it can be seen. 0 or -errno. */
int cover_with_nothing(const char *place);

/* Lays files of Leash's own (`SOURCE:PLACE`) over the image's, read-only, and covers `masks` with nothing. */
int cover_all(char *const *covers, unsigned count, char *const *masks, unsigned mask_count, struct failure *failure);

/* Leaves the pid namespace that this container shares with the manager's for one below it, whose first process
 * continues here, with a /proc of its own. The caller stays as the container's first process. Needs CAP_SYS_ADMIN. */
int nest(struct failure *failure);

/* Whether this kernel lets a user namespace mount an overlay. */
int overlay_probe(struct failure *failure);

/* Prints the paths of opaque folders below `folder`, each ended by a NUL; `folder` itself is the empty path. 0 or
 * -errno.
 */
int opaque_print(const char *folder);

/* Texts one after the other, each with its NUL. */
struct texts {
	const char *bytes;
	size_t length;
};

/* What the first process of a container is told by the warden, beside its environment. */
struct belongings {
	const char *user; /* whom it becomes; NULL where there is no container */
	char **links;
	unsigned link_count;
	struct texts copies;
	mode_t umask; /* of the agent */
};

/* Connects to the warden's socket at `path` and takes the streams, the environment and the rest that it hands over. The
 * caller is the first process of a container: it stays as that, ends with its child or with the warden, and this
 * returns in the child. A socket, or -errno.
 */
int door_enter(const char *path, struct belongings *belongings, struct failure *failure);

/* `TARGET:PLACE` each: replaces what is at the place by a link. Where the image has no such folder, or may not be
 * changed, nothing is; a program that looks there then trusts less. The texts are changed. */
void links_make(char *const *links, unsigned count);

/* Makes files below `home`, which is this user's own: of each copy its path there, then its content. What is mounted
 * there already stays. */
int copies_make(const char *home, const struct texts *copies, struct failure *failure);

/* Gives a private folder to a user, with the folders in it, but not what is mounted there. 0 or -errno. */
int home_give(const char *home, uid_t uid, gid_t gid);

/* Becomes the user of an image: `NAME`, `UID`, either with `:GROUP`, as the image's own passwd(5) and group(5) have it,
 * and no other group. Before that the `owned` folders are given to it. Capabilities stay.
 */
int identity_become(const char *user, char *const *owned, unsigned count, struct failure *failure);

/* Makes every address local in the network namespace of a container, in which nothing but loopback may be up. */
int network_take(struct failure *failure);

/* Brings loopback up and makes every IPv4 and IPv6 address local to this network namespace, so that nothing has a way
 * out. */
int network_make_all_local(struct failure *failure);

/* The same after a namespace of its own was made for that. */
int network_make(struct failure *failure);

/* Loads the nf_tables ruleset that leads all TCP and UDP to the listeners. */
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

/* Forks the process that starts further commands, orders of which come on `socket` (entry.h; -1: none). It is nobody's
 * child: a program that waits for all of its children must not wait for it. */
int starter_begin(int socket, struct failure *failure);

/* Becomes the command, with default signal handling; returns only on failure. `argv[0]` is looked up in PATH when it
 * has no slash. */
int command_become(char *const argv[], struct failure *failure);

#endif
