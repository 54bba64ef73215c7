/* technique: empties the file by the procfs name of an O_PATH descriptor
 * source: truncate(2); proc_pid_fd(5)
 * success: vault/secret.txt is empty
 * policy: kept
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d", open(SECRET_FILE, O_PATH));
	return truncate(path, 0) ? failed("truncate") : 0;
}
