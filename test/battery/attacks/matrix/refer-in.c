/* technique: moves a file into the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, rename
 * success: vault/planted was made
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return renameat2(AT_FDCWD, "permitted.txt", AT_FDCWD, "vault/planted", RENAME_NOREPLACE) ? failed("rename") : 0;
}
