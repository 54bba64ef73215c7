/* technique: opens the descriptor of a file in another way by /proc/self/fd after closing the first
 * source: Landlock selftests, fs_test: release_inodes, proc_fds
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int first = open(SECRET_FILE, O_PATH), second = dup(first);

	snprintf(path, sizeof path, "/proc/self/fd/%d", second);
	close(first);
	return show_path(path);
}
