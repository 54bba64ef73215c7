/* technique: loads another kernel; the flags are of no known kind
 * source: kexec_load(2)
 * success: the kernel let the call in
 * control: none: not every kernel is built with this call
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_kexec_load, 0, 0, NULL, 0xffff), "kexec_load");
}
