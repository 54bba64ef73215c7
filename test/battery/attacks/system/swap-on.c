/* technique: has the kernel swap to a file; there is none
 * source: swapon(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_swapon, "absent", 0), "swapon");
}
