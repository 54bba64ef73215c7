/* technique: unloads a module; there is none of the name
 * source: delete_module(2)
 * success: the kernel let the call in
 * control: none: not every kernel is built with this call
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_delete_module, "leash_battery_none", O_NONBLOCK), "delete_module");
}
