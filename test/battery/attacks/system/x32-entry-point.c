/* technique: makes a call by its x32 number, which a filter of plain numbers does not know
 * source: syscall(2), __X32_SYSCALL_BIT
 * success: the kernel answered
 * control: none: this kernel may be built without x32
 * beside: power
 */
#include "power.h"

int main(void)
{
	return syscall(0x40000000 | SYS_getpid) == getpid() ? granted() : failed("getpid");
}
