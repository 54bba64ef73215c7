/* technique: opens the forbidden directory with O_PATH and reads a file beneath that descriptor
 * source: openat(2); Landlock selftests, fs_test path_beneath
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	return show(openat(open("vault", O_PATH | O_DIRECTORY), "secret.txt", O_RDONLY));
}
