/* technique: removes a file beneath the forbidden directory, by path and by descriptor of the directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REMOVE_FILE
 * success: vault/secret.txt is gone
 * control: permissive
 * event: FileDelete
 */
#include "attack.h"

int main(void)
{
	return unlink(SECRET_FILE) && unlinkat(open("vault", O_PATH), "secret.txt", 0) ? failed("unlink") : 0;
}
