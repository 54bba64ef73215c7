/* technique: makes the forbidden directory the root, so that the path of what is in it is short
 * source: chroot(2); reference study 4.3 #6, #17
 * success: the content of vault/secret.txt on the output
 * control: outside
 * event: SystemCall
 */
#include "power.h"

int main(void)
{
	enter_own_mounts();
	if (chroot("vault"))
		return failed("chroot");
	return show_path("/secret.txt");
}
