/* technique: sets an extended attribute of the file through a descriptor opened for reading, which is permitted
 * source: reference study 4.3 #3; fsetxattr(2)
 * success: vault/secret.txt has another mode, or other times
 * policy: kept
 * control: permissive
 * event: FileSetAttr
 */
#include "attack.h"
#include <sys/xattr.h>

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_RDONLY);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return fsetxattr(fd, "user.planted", "x", 1, 0) ? failed(path) : 0;
}
