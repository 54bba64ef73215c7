/* technique: maps the host's root into a namespace, through procfs
 * source: user_namespaces(7); CVE-2018-18955
 * success: the map was written
 * control: none: without Leash this changes who the battery is
 * beside: power
 */
#include "power.h"

int main(void)
{
	unshare(CLONE_NEWUSER);
	int fd = open("/proc/self/uid_map", O_WRONLY);

	if (fd < 0)
		return failed("/proc/self/uid_map");
	return power(write(fd, "0 0 1", 5), "write");
}
