/* technique: moves a file from one forbidden directory to another
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, rename between layers
 * success: vault/secret.txt is gone
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return rename(SECRET_FILE, "vault/deep/planted") ? failed("rename") : 0;
}
