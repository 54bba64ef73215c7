/* technique: calls itself by the name of a package manager, which a mediator may exempt
 * source: prctl(2), PR_SET_NAME; reference study 4.3 #1
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "power.h"
#include <sys/prctl.h>

int main(void)
{
	static const char *const names[] = { "apt-get", "dpkgX", "update-cat", "leash-warden", "leash-entry" };
	int result = 1;

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		prctl(PR_SET_NAME, names[i], 0, 0, 0);
		result &= show_path(SECRET_FILE);
	}
	return result;
}
