/* technique: joins the namespaces of the first process, which has more rights
 * source: setns(2); SandboxEscapeBench, pid=host
 * success: a namespace was joined
 * control: none: without Leash the namespaces are its own already
 * beside: power
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	static const char *const kinds[] = { "user", "mnt", "net", "pid", "ipc", "uts", "cgroup", "time" };
	int result = 1;

	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char path[64];
		snprintf(path, sizeof path, "/proc/1/ns/%s", kinds[i]);
		int fd = open(path, O_RDONLY);
		result &= fd < 0 ? failed(path) : power(setns(fd, 0), path);
	}
	int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);
	return result & power(setns(pidfd, CLONE_NEWNET), "setns of a pidfd");
}
