/* A process with capabilities in its user namespace enters; one that can never hold a capability again leaves
 * (capabilities(7)). */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* No set gains anything from uid 0, and none of this can be undone. */
#define SECURE                                                                                                         \
	(SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |               \
	 SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED)

/* `call` is SYS_capget or SYS_capset. */
static int call_capability(long call, struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(call, &header, sets) ? -errno : 0;
}

/* EINVAL marks the first number the kernel has no capability for. */
static int drop_bounding_set(void)
{
	for (unsigned long capability = 0; !prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); capability++)
		;
	return errno == EINVAL ? 0 : -errno;
}

static bool holds_any(void)
{
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (call_capability(SYS_capget, sets))
		return true;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (sets[i].permitted | sets[i].effective | sets[i].inheritable)
			return true;
	return false;
}

/* The kernel itself would write a core file into the working directory, or over one there, past the warden; or start a
 * program outside, as root, and feed it what the agent left in its memory. Such a program is started whatever the
 * limit, but for one byte, by which the kernel knows a crash of that program itself. A hard limit of zero cannot be
 * raised. The filter keeps the limit as it is. Sources: core(5); do_coredump(), fs/coredump.c.
 */
static int forbid_core_dumps(void)
{
	const struct rlimit one = { 1, 1 }, none = { 0 };

	return setrlimit(RLIMIT_CORE, &one) && setrlimit(RLIMIT_CORE, &none) ? -errno : 0;
}

int privileges_drop(struct failure *failure)
{
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int error;

	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return failed(failure, -errno, "clearing the ambient capabilities");
	error = drop_bounding_set();
	if (error)
		return failed(failure, error, "dropping the capability bounding set (needs CAP_SETPCAP)");
	if (prctl(PR_SET_SECUREBITS, SECURE, 0, 0, 0))
		return failed(failure, -errno, "locking the securebits (needs CAP_SETPCAP)");
	error = call_capability(SYS_capset, none);
	if (error)
		return failed(failure, error, "dropping capabilities");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return failed(failure, -errno, "setting no_new_privs");
	error = forbid_core_dumps();
	if (error)
		return failed(failure, error, "forbidding core dumps");
	/* The warden reads the agent's arguments from its memory. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
		return failed(failure, -errno, "staying dumpable");
	if (holds_any())
		return failed(failure, -EPERM, "capabilities were left after they were dropped");
	return 0;
}
