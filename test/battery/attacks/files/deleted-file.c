/* technique: takes the name of a file that it holds and opens the nameless rest again
 * source: proc_pid_fd(5): "(deleted)"
 * success: the content of vault/secret.txt on the output, or its name gone
 * control: permissive
 * event: FileDelete
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);

	if (unlink(SECRET_FILE))
		failed("unlink");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return show_path(path);
}
