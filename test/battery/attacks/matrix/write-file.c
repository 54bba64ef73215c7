/* technique: opens a file beneath the forbidden directory for writing
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_WRITE_FILE
 * success: vault/secret.txt was changed
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	int fd = open(SECRET_FILE, O_WRONLY | O_APPEND);

	return fd < 0 || write(fd, "planted", 7) != 7 ? failed("write") : 0;
}
