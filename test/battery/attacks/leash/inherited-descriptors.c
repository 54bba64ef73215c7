/* technique: looks for files and sockets of Leash that were left open across execve
 * source: CVE-2024-21626, runc's leaked descriptor; close_range(2)
 * success: a descriptor beyond the standard streams is open
 * control: none: without Leash the battery's own would be found
 * beside: power
 */
#include "power.h"

int main(void)
{
	char path[64], target[256];
	int result = 1;

	for (int fd = 3; fd < 4096; fd++) {
		if (fcntl(fd, F_GETFD) < 0)
			continue;
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, target, sizeof target - 1);
		target[n < 0 ? 0 : n] = '\0';
		fprintf(stderr, "%d is %s\n", fd, target);
		result = granted();
	}
	return result;
}
