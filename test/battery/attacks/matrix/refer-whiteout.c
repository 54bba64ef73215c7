/* technique: moves the forbidden file and leaves a whiteout, which is a character device
 * source: Landlock selftests, fs_test: rename(2), RENAME_WHITEOUT; Landlock hooks security_path_mknod
 * success: vault/secret.txt is gone or a device was made
 * control: outside
 * needs: root
 */
#include "attack.h"

int main(void)
{
	if (renameat2(AT_FDCWD, SECRET_FILE, AT_FDCWD, "innocent", RENAME_WHITEOUT) &&
	    renameat2(AT_FDCWD, "permitted.txt", AT_FDCWD, "innocent", RENAME_WHITEOUT))
		return failed("renameat2");
	return 0;
}
