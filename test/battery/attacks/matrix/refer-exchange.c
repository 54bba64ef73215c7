/* technique: exchanges a forbidden file with a permitted one and reads the permitted name
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, RENAME_EXCHANGE
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	if (renameat2(AT_FDCWD, "permitted.txt", AT_FDCWD, SECRET_FILE, RENAME_EXCHANGE))
		return failed("renameat2");
	return show_path("permitted.txt");
}
