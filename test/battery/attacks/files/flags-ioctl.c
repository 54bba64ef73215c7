/* technique: makes the file append-only or undumpable through a descriptor opened for reading
 * source: ioctl_iflags(2), FS_IOC_SETFLAGS
 * success: vault/secret.txt has another time of change
 * policy: kept
 * control: outside
 * event: SystemCall
 */
#include "attack.h"
#include <linux/fs.h>
#include <sys/ioctl.h>

int main(void)
{
	int flags = FS_NODUMP_FL;

	return ioctl(open(SECRET_FILE, O_RDONLY), FS_IOC_SETFLAGS, &flags) ? failed("FS_IOC_SETFLAGS") : 0;
}
