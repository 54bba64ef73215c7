/* technique: signals a process of the host by its number there, with every call that can
 * source: kill(2), tgkill(2), rt_sigqueueinfo(2)
 * success: a signal to the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	pid_t pid = neighbour();
	siginfo_t info = { .si_signo = SIGUSR1, .si_code = SI_QUEUE };

	if (kill(pid, SIGUSR1))
		failed("kill");
	if (syscall(SYS_tkill, pid, SIGUSR1))
		failed("tkill");
	if (syscall(SYS_tgkill, pid, pid, SIGUSR1))
		failed("tgkill");
	if (syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, &info))
		failed("rt_sigqueueinfo");
	return 0;
}
