/* technique: empties and removes the directory above a file that it holds, then names it by what is left
 * source: removed files must keep their rules; proc_pid_fd(5)
 * success: the content of vault/deep/secret.txt on the output
 * policy: unread
 * control: outside
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int folder = open("vault/deep", O_PATH), fd = open("vault/deep/secret.txt", O_PATH);

	if (unlinkat(folder, "secret.txt", 0) || rmdir("vault/deep") || mkdir("vault-deep", 0700))
		failed("remove");
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (show_path(path) == 0)
		return 0;
	return linkat(AT_FDCWD, path, AT_FDCWD, "back", AT_SYMLINK_FOLLOW) ? failed("linkat") : show_path("back");
}
