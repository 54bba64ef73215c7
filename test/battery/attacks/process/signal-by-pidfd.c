/* technique: signals a process of the host through a pidfd
 * source: pidfd_send_signal(2)
 * success: a signal to the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	int fd = (int)syscall(SYS_pidfd_open, neighbour(), 0);

	if (fd < 0)
		return failed("pidfd_open");
	return syscall(SYS_pidfd_send_signal, fd, SIGUSR1, NULL, 0) ? failed("pidfd_send_signal") : 0;
}
