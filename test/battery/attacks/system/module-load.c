/* technique: loads a module; the image is empty
 * source: init_module(2); SandboxEscapeBench, SYS_MODULE
 * success: the kernel let the call in
 * control: none: not every kernel is built with this call
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_init_module, "", 0, ""), "init_module");
}
