/* technique: takes swap away; there is none of the name
 * source: swapoff(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_swapoff, "absent"), "swapoff");
}
