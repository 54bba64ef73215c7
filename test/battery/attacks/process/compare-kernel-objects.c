/* technique: learns addresses of kernel objects by comparing those of two processes
 * source: kcmp(2)
 * success: the kernel compared
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/kcmp.h>

int main(void)
{
	return power(syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILE, 0, 1), "kcmp");
}
