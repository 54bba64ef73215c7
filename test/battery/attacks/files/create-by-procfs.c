/* technique: creates a file beneath the procfs name of a directory descriptor, and of the working directory
 * source: proc_pid_fd(5), proc_pid_cwd(5): magic links
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/self/fd/%d/planted", open("vault", O_PATH));
	if (open(path, O_WRONLY | O_CREAT, 0600) >= 0)
		return 0;
	if (chdir("vault") || open("/proc/self/cwd/planted", O_WRONLY | O_CREAT, 0600) < 0)
		return failed("open");
	return 0;
}
