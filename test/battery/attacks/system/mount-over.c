/* technique: binds the forbidden directory to a permitted name
 * source: mount(2); reference study 4.3 #7
 * success: the content of vault/secret.txt on the output
 * control: outside
 * event: SystemCall
 */
#include "power.h"
#include <sys/mount.h>

int main(void)
{
	mkdir("open", 0700);
	enter_own_mounts();
	if (mount("vault", "open", NULL, MS_BIND, NULL))
		return failed("mount");
	return show_path("open/secret.txt");
}
