/* technique: makes read-only mounts writable
 * source: mount_setattr(2)
 * success: the attributes were changed
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	const struct {
		uint64_t set, clear, propagation, userns;
	} attributes = { .set = 0, .clear = 2 /* MOUNT_ATTR_NOSUID */ };

	enter_own_mounts();
	unshare(CLONE_NEWNS);
	/* Of the root nothing is set that is not already: the call is what counts. */
	if (syscall(442, AT_FDCWD, "/", 0, &attributes, 0) == 0)
		return failed("mount_setattr took no arguments");
	return reaches_kernel(syscall(442, AT_FDCWD, "/", 0, &attributes, sizeof attributes), "mount_setattr");
}
