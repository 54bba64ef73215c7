/* technique: opens a file beneath the forbidden directory for reading
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_READ_FILE
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	return show_path(SECRET_FILE);
}
