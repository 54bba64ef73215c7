/* technique: removes the only name of a file that it holds by O_PATH, where removing is permitted and reading is
 * not, and opens the rest
 * source: proc_pid_fd(5): "(deleted)"; removed files must keep their rules
 * success: the content of vault/secret.txt on the output
 * policy: unread
 * control: outside
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);

	if (unlink(SECRET_FILE))
		return failed("unlink");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return show_path(path);
}
