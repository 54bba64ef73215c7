/* technique: gives the forbidden program the name of a permitted one, and no arguments at all
 * source: execve(2): argv[0] is what the caller says; CVE-2021-4034
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	if (fork() == 0) {
		execve("forbidden", (char *[]){ NULL }, environ);
		_exit(1);
	}
	execve("forbidden", (char *[]){ "/bin/true", NULL }, environ);
	return failed("execve");
}
