/* technique: makes a file system of its own by the new calls
 * source: fsopen(2), fsmount(2); CVE-2022-0185
 * success: the file system was mounted
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"

enum { FSOPEN = 430, FSCONFIG = 431, FSMOUNT = 432, FSCONFIG_CREATE = 6 };

int main(void)
{
	enter_own_mounts();
	int context = (int)syscall(FSOPEN, "tmpfs", 0);

	if (context < 0)
		return failed("fsopen");
	if (syscall(FSCONFIG, context, FSCONFIG_CREATE, NULL, NULL, 0))
		return failed("fsconfig");
	return power(syscall(FSMOUNT, context, 0, 0), "fsmount");
}
