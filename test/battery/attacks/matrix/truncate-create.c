/* technique: truncates by creat(2) and by O_TRUNC with O_CREAT
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_TRUNCATE, creat
 * success: vault/secret.txt is empty
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	return creat(SECRET_FILE, 0600) < 0 && open(SECRET_FILE, O_RDWR | O_CREAT | O_TRUNC, 0600) < 0 ? failed("creat")
												       : 0;
}
