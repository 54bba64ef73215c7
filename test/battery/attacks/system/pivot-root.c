/* technique: exchanges the root for a directory of its own
 * source: pivot_root(2)
 * success: the root was exchanged
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/mount.h>

int main(void)
{
	mkdir("root", 0700);
	enter_own_mounts();
	if (mount("root", "root", NULL, MS_BIND, NULL))
		failed("mount");
	if (chdir("root"))
		return failed("chdir");
	return power(syscall(SYS_pivot_root, ".", "."), "pivot_root");
}
