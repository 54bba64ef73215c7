/* technique: exchanges directories where only reading is forbidden and every renaming permitted
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER: more access rights in the destination
 * success: the content of vault/secret.txt on the output
 * policy: unread
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
