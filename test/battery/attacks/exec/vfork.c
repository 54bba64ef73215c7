/* technique: starts the forbidden program between vfork and exec, while the parent stands still
 * source: vfork(2)
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <sys/wait.h>

int main(void)
{
	int status;
	pid_t child = vfork();

	if (child == 0) {
		execl("forbidden", "permitted", NULL);
		_exit(1);
	}
	return waitpid(child, &status, 0) != child;
}
