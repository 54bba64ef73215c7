/* technique: changes the machine's name, as it is in its own UTS namespace; the length is none
 * source: sethostname(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * needs: root
 */
#include "power.h"

int main(void)
{
	return reaches_kernel(syscall(SYS_sethostname, "x", -1), "sethostname");
}
