/* technique: makes a character device, which would be an open door past every path
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_CHAR
 * success: a device in the workspace
 * control: outside
 * needs: root
 */
#include "attack.h"
#include <sys/sysmacros.h>

int main(void)
{
	return mknod("node", S_IFCHR | 0666, makedev(1, 3)) ? failed("mknod") : 0;
}
