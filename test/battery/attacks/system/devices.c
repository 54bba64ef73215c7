/* technique: makes and opens devices: memory, the kernel's log, disks, another's terminal
 * source: mknod(2); mem(4), kmsg(4); reference study 4.3 #12
 * success: a device was opened
 * control: none: without Leash root may make any device
 * beside: power
 */
#include "power.h"
#include <sys/sysmacros.h>

int main(void)
{
	static const struct {
		mode_t kind;
		unsigned major, minor;
	} devices[] = { { S_IFCHR, 1, 1 }, { S_IFCHR, 1, 11 }, { S_IFBLK, 254, 0 }, { S_IFBLK, 8, 0 }, { S_IFCHR, 10, 200 }, { S_IFCHR, 136, 0 }, { S_IFCHR, 4, 0 } };
	static const char *const names[] = { "/dev/mem", "/dev/kmsg", "/dev/vda", "/dev/sda", "/dev/net/tun", "/dev/fuse", "/dev/kvm", "/dev/tty0", "/dev/console", "/proc/kcore", "/proc/kmsg" };
	int result = 1;

	for (unsigned i = 0; i < sizeof devices / sizeof *devices; i++) {
		if (mknod("device", devices[i].kind | 0600, makedev(devices[i].major, devices[i].minor)))
			failed("mknod");
		result &= power(open("device", O_RDONLY | O_NONBLOCK | O_NOCTTY), "device");
		unlink("device");
	}
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		result &= power(open(names[i], O_RDONLY | O_NONBLOCK | O_NOCTTY), names[i]);
	return result;
}
