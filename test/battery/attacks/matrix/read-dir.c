/* technique: reads the names in the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_READ_DIR
 * success: a name in vault/listed on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <dirent.h>

int main(void)
{
	DIR *folder = opendir("vault/listed");

	if (!folder)
		return failed("opendir");
	for (struct dirent *entry; (entry = readdir(folder));)
		puts(entry->d_name);
	return 0;
}
