/* technique: makes a directory beneath the forbidden one
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_DIR
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	return mkdir("vault/planted", 0700) && mkdirat(open("vault", O_PATH), "planted", 0700) ? failed("mkdir") : 0;
}
