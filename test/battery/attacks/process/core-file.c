/* technique: dies with a core file in the forbidden directory, which the kernel writes itself
 * source: core(5); setrlimit(2)
 * success: a file made in vault
 * control: outside
 */
#include "power.h"
#include <sys/resource.h>

int main(void)
{
	const struct rlimit any = { RLIM_INFINITY, RLIM_INFINITY };
	int status;

	if (setrlimit(RLIMIT_CORE, &any))
		failed("setrlimit");
	if (chdir("vault"))
		return failed("chdir");
	pid_t child = fork();
	if (child == 0)
		abort();
	waitpid(child, &status, 0);
	return !WCOREDUMP(status);
}
