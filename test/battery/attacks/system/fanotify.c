/* technique: watches files of the whole mount
 * source: fanotify_init(2); CVE-2022-1998
 * success: the group was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/fanotify.h>

int main(void)
{
	return power(syscall(SYS_fanotify_init, FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY), "fanotify_init");
}
