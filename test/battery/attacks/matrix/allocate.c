/* technique: changes the content by punching a hole
 * source: Landlock selftests, fs_test: fallocate(2); LANDLOCK_ACCESS_FS_WRITE_FILE
 * success: vault/secret.txt was changed
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	int fd = open(SECRET_FILE, O_RDWR);

	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 16) && fallocate(fd, 0, 0, 8192)
		       ? failed("fallocate")
		       : 0;
}
