/* technique: truncates a file beneath the forbidden directory by path, and by a descriptor
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_TRUNCATE
 * success: vault/secret.txt is empty
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	if (truncate(SECRET_FILE, 0) == 0)
		return 0;
	return ftruncate(open(SECRET_FILE, O_WRONLY), 0) ? failed("ftruncate") : 0;
}
