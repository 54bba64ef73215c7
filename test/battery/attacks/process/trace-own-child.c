/* technique: has a child traced across execve, to change what runs after it was judged
 * source: ptrace(2): PTRACE_TRACEME; reference study 4.3 #19
 * success: the child stopped at its first instruction, and was written to
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/ptrace.h>
#include <sys/user.h>

int main(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (ptrace(PTRACE_TRACEME, 0, 0, 0))
			_exit(failed("PTRACE_TRACEME"));
		execl("./permitted", "permitted", NULL);
		_exit(1);
	}
	waitpid(child, &status, 0);
	if (!WIFSTOPPED(status))
		return 1;
	struct user_regs_struct registers;
	ptrace(PTRACE_GETREGS, child, 0, &registers);
	long result = ptrace(PTRACE_POKETEXT, child, registers.rip, 0);
	kill(child, SIGKILL);
	return power(result, "PTRACE_POKETEXT");
}
