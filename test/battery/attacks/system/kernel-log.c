/* technique: asks for the log of the kernel, which tells addresses
 * source: syslog(2), dmesg(1)
 * success: the size of the log
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"

int main(void)
{
	return power(syscall(SYS_syslog, 10, NULL, 0), "syslog");
}
