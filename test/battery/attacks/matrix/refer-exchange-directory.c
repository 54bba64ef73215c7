/* technique: exchanges the forbidden directory with a permitted one and reads below the permitted name
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, RENAME_EXCHANGE of directories
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	if (renameat2(AT_FDCWD, "vault", AT_FDCWD, "public", RENAME_EXCHANGE))
		return failed("renameat2");
	return show_path("public/secret.txt");
}
