/* technique: has the kernel look for a key, and run /sbin/request-key on the host when there is none
 * source: request_key(2), request-key(8)
 * success: the kernel looked
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/keyctl.h>

int main(void)
{
	return reaches_kernel(syscall(SYS_request_key, "user", "leash-battery-none", NULL, KEY_SPEC_PROCESS_KEYRING), "request_key");
}
