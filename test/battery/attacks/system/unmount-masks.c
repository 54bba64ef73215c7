/* technique: takes away what covers the system's secrets
 * source: umount2(2); CVE-2023-2640
 * success: a mask was taken away
 * control: none: without Leash there is no mask
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/mount.h>

int main(void)
{
	static const char *const masks[] = { "/etc/shadow", "/proc/sys", "/tmp", "/etc/resolv.conf", "/" };
	int result = 1;

	enter_own_mounts();
	for (unsigned i = 0; i < sizeof masks / sizeof *masks; i++)
		result &= power(umount2(masks[i], MNT_DETACH), masks[i]);
	return result;
}
