/* technique: has the kernel throw pages of a process of the host out of memory
 * source: process_madvise(2), process_mrelease(2)
 * success: the kernel took the advice about the neighbour
 * control: outside
 * beside: neighbour power
 * needs: root
 */
#include "power.h"
#include <sys/uio.h>

int main(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, neighbour(), 0);
	struct iovec page = { (void *)((uintptr_t)neighbours_secret() & ~4095ul), 4096 };

	return power(syscall(SYS_process_madvise, pidfd, &page, 1, 20 /* MADV_COLD */, 0), "process_madvise");
}
