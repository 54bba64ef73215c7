/* technique: renames the directory in which only reading is forbidden
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, rename: more access rights in the destination
 * success: the content of vault/secret.txt on the output
 * policy: unread
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	return rename("vault", "open") ? failed("rename") : show_path("open/secret.txt");
}
