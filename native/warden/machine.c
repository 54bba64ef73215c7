/* procfs and device nodes are shared with the host. Where the kernel asks for a capability the agent has none; but a
 * sysctl, and most files of procfs, ask only for the user, and the agent of root is that user: whoever may write
 * /proc/sys/kernel/core_pattern runs programs outside. Sources: test_perm(), fs/proc/proc_sysctl.c;
 * proc_notify_change(), fs/proc/generic.c.
 */
#define _GNU_SOURCE
#include "machine.h"

#include <string.h>

#include "walk.h"

static bool starts_with(const struct object *o, const char *prefix)
{
	return !strncmp(o->path, prefix, strlen(prefix));
}

static bool ends_with(const struct object *o, const char *suffix)
{
	size_t n = strlen(suffix);

	return o->length >= n && !strcmp(o->path + o->length - n, suffix);
}

static bool is_of_process(const struct object *o)
{
	const char first = starts_with(o, "/proc/") ? o->path[6] : '\0';

	return first >= '1' && first <= '9';
}

/* These show the namespaces and the keys of whoever opens them, and that is the warden. ipcs(1) goes on with shmctl(2).
 * Sources: sysvipc_proc_open(), ipc/util.c; proc_keys_show(), security/keys/proc.c. */
static bool shows_the_opener(const struct object *o)
{
	return starts_with(o, "/proc/sysvipc/") || !strcmp(o->path, "/proc/keys") ||
	       !strcmp(o->path, "/proc/key-users");
}

/* Nearly everything in procfs has no size; what has one is harmless. So an ordinary file costs no call. */
static bool is_in_procfs(const struct object *o)
{
	return (starts_with(o, "/proc/") || o->stat.st_size == 0) && walk_is_procfs(o->fd);
}

bool machine_forbids(const struct object *o, uint16_t actions)
{
	if (o->fd < 0)
		return false;
	/* The nodes are the host's own; only the pseudo-terminals are not. */
	if (S_ISCHR(o->stat.st_mode) || S_ISBLK(o->stat.st_mode))
		return actions & WIRE_SETATTR && !starts_with(o, "/dev/pts/");
	if (!is_in_procfs(o))
		return false;
	/* Another one that the host has mounted somewhere shows the host's processes. */
	if (!starts_with(o, "/proc/"))
		return true;
	/* Writing a process's memory would run code that nobody judged. */
	if (is_of_process(o))
		return actions & WIRE_WRITE && ends_with(o, "/mem");
	if (actions & ~(unsigned)WIRE_READ)
		return true;
	/* What only root may read shows the kernel's memory, or that of all processes. */
	return !(o->stat.st_mode & S_IROTH) || shows_the_opener(o);
}
