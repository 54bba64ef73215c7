/* technique: makes a regular file beneath the forbidden directory, by open and by mknod
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_REG
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	if (open("vault/planted", O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0)
		return 0;
	return mknod("vault/planted", S_IFREG | 0600, 0) ? failed("mknod") : 0;
}
