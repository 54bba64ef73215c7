/* technique: stops the machine; the magic numbers are wrong
 * source: reboot(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_reboot, 1, 2, 3, NULL), "reboot");
}
