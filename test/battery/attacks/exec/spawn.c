/* technique: starts the forbidden program by posix_spawn, which shares memory with its parent until then
 * source: posix_spawn(3)
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <spawn.h>
#include <sys/wait.h>

int main(void)
{
	pid_t child;
	int status, error = posix_spawn(&child, "./forbidden", NULL, NULL, (char *[]){ "permitted", NULL }, environ);

	if (error) {
		errno = error;
		return failed("posix_spawn");
	}
	return waitpid(child, &status, 0) != child;
}
