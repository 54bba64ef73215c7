/* technique: seizes a child that runs, to change the arguments of its calls while they wait
 * source: ptrace(2): PTRACE_SEIZE, PTRACE_SET_SYSCALL_INFO
 * success: the child was seized
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/ptrace.h>

int main(void)
{
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	long result = ptrace(PTRACE_SEIZE, child, 0, 0);
	kill(child, SIGKILL);
	return power(result, "PTRACE_SEIZE");
}
