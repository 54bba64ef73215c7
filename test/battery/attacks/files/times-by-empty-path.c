/* technique: changes the times of the file by an O_PATH descriptor and an empty path
 * source: utimensat(2), AT_EMPTY_PATH (Linux 5.8)
 * success: vault/secret.txt has another time of writing
 * policy: kept
 * control: permissive
 * event: FileSetAttr
 */
#include "attack.h"

int main(void)
{
	struct timespec times[2] = { { 0 }, { 0 } };
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return syscall(SYS_utimensat, fd, "", times, AT_EMPTY_PATH) && utimensat(AT_FDCWD, path, times, 0)
		       ? failed("utimensat")
		       : 0;
}
