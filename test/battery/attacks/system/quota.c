/* technique: changes disk quotas; the device is none
 * source: quotactl(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/quota.h>

int main(void)
{
	return reaches_kernel(syscall(SYS_quotactl, QCMD(Q_GETFMT, USRQUOTA), "absent", 0, NULL), "quotactl");
}
