/* technique: raises the limit of the stack, so that six megabytes of arguments fit, and hides the dangerous one in
 * them
 * source: execve(2), limits on size of arguments
 * success: the forbidden program ran
 * policy: arguments
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <sys/resource.h>

int main(void)
{
	enum { LENGTH = 131000, COUNT = 44 };
	static char filler[LENGTH];
	char *arguments[COUNT + 3] = { "forbidden" };
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	if (setrlimit(RLIMIT_STACK, &limit))
		failed("setrlimit");
	memset(filler, 'x', LENGTH - 1);
	for (int i = 1; i <= COUNT; i++)
		arguments[i] = filler;
	arguments[COUNT + 1] = "--danger";
	execv("forbidden", arguments);
	return failed("execv");
}
