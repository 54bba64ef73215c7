/* technique: removes a file beneath the forbidden directory by renaming another one over it
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REMOVE_FILE, refer_mount_root and rename overwriting
 * success: vault/secret.txt is another file
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return rename("permitted.txt", SECRET_FILE) ? failed("rename") : 0;
}
