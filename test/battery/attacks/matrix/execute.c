/* technique: executes a program beneath the forbidden directory
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_EXECUTE
 * success: the forbidden program ran
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	execl("vault/tool", "tool", NULL);
	return failed("execl");
}
