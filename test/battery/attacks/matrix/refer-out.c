/* technique: moves a file out of the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, rename
 * success: vault/secret.txt is gone, or its content is on the output
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return rename(SECRET_FILE, "innocent") ? failed("rename") : show_path("innocent");
}
