/* technique: gives a file without a name the place of the forbidden one: a link elsewhere, then rename over it
 * source: open(2), O_TMPFILE; rename(2)
 * success: vault/secret.txt is another file
 * policy: kept
 * control: permissive
 * event: FileRename
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(".", O_TMPFILE | O_RDWR, 0600);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (linkat(AT_FDCWD, path, AT_FDCWD, "stage", AT_SYMLINK_FOLLOW))
		return failed("linkat");
	return rename("stage", SECRET_FILE) ? failed("rename") : 0;
}
