/* technique: gives the forbidden program no list of arguments and no environment
 * source: execve(2): argv may be null on Linux; CVE-2021-4034
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	/* A constant NULL would be a warning. */
	char **volatile none = NULL;

	execve("forbidden", none, none);
	return failed("execve");
}
