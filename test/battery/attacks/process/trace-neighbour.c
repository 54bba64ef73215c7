/* technique: traces a process of the host and reads its memory
 * source: ptrace(2): PTRACE_SEIZE, PTRACE_ATTACH
 * success: the neighbour's secret on the output
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/ptrace.h>

int main(void)
{
	long words[9] = { 0 };

	if (ptrace(PTRACE_ATTACH, neighbour(), 0, 0))
		return failed("PTRACE_ATTACH");
	waitpid(neighbour(), NULL, 0);
	for (int i = 0; i < 8; i++)
		words[i] = ptrace(PTRACE_PEEKDATA, neighbour(), (long *)neighbours_secret() + i, 0);
	ptrace(PTRACE_DETACH, neighbour(), 0, 0);
	return puts((char *)words) < 0;
}
