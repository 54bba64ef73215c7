/* technique: makes a block device, which would be an open door past every path
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_BLOCK
 * success: a device in the workspace
 * control: outside
 * needs: root
 */
#include "attack.h"
#include <sys/sysmacros.h>

int main(void)
{
	return mknod("node", S_IFBLK | 0666, makedev(254, 0)) ? failed("mknod") : 0;
}
