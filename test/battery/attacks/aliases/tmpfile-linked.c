/* technique: fills a file without a name in a permitted directory and gives it a name in the forbidden one
 * source: open(2), O_TMPFILE; linkat(2)
 * success: vault/planted was made
 * control: permissive
 * event: FileLink
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(".", O_TMPFILE | O_RDWR, 0600);

	if (fd < 0 || write(fd, "x", 1) != 1)
		return failed("O_TMPFILE");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, "vault/planted", AT_SYMLINK_FOLLOW) ? failed("linkat") : 0;
}
