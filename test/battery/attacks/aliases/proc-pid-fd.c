/* technique: a child holds the forbidden file by an O_PATH descriptor; its parent opens /proc/CHILD/fd/N
 * source: proc_pid_fd(5); open(2), O_PATH
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <signal.h>

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	snprintf(path, sizeof path, "/proc/%d/fd/%d", child, fd);
	close(fd);
	int status = show_path(path);
	kill(child, SIGKILL);
	return status;
}
