/* technique: makes a symbolic link beneath the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_SYM
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	return symlink("/etc/passwd", "vault/planted") ? failed("symlink") : 0;
}
