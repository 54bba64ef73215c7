/* technique: removes an empty directory beneath the forbidden one
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REMOVE_DIR
 * success: vault/empty is gone
 * control: permissive
 * event: FileDelete
 */
#include "attack.h"

int main(void)
{
	return unlinkat(AT_FDCWD, "vault/empty", AT_REMOVEDIR) && rmdir("vault/empty") ? failed("rmdir") : 0;
}
