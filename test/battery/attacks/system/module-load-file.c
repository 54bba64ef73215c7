/* technique: loads a module from a file; the descriptor is none
 * source: finit_module(2)
 * success: the kernel let the call in
 * control: none: not every kernel is built with this call
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_finit_module, -1, "", 0), "finit_module");
}
