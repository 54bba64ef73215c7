/* technique: makes a FIFO beneath the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_FIFO
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	return mkfifo("vault/planted", 0600) ? failed("mkfifo") : 0;
}
