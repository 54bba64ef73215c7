/* technique: makes the forbidden directory its root, so that the file is /secret.txt
 * source: reference study 4.3 #6 and #17; chroot(2)
 * success: the content of vault/secret.txt on the output
 * control: outside
 * needs: root
 * event: SystemCall
 */
#include "attack.h"

int main(void)
{
	return chroot("vault") ? failed("chroot") : show_path("/secret.txt");
}
