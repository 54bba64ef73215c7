/* technique: renames the directory above the forbidden one, which is forbidden by where it is
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, reparent
 * success: the content of vault/deep/secret.txt on the output
 * policy: location
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return rename("vault", "open") ? failed("rename") : show_path("open/deep/secret.txt");
}
