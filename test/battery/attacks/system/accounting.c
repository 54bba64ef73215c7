/* technique: has the kernel write a record of each process into a file; there is none
 * source: acct(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_acct, "absent"), "acct");
}
