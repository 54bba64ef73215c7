/* technique: holds page faults of the kernel, to win races against whoever reads its memory
 * source: userfaultfd(2); CVE-2016-6187
 * success: the descriptor was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/userfaultfd.h>

int main(void)
{
	return power(syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY), "userfaultfd");
}
