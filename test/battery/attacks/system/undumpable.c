/* technique: makes its memory unreadable, so that whoever mediates cannot see the path
 * source: prctl(2), PR_SET_DUMPABLE
 * success: the content of vault/secret.txt on the output
 * control: outside
 */
#include "power.h"
#include <sys/prctl.h>

int main(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0))
		failed("PR_SET_DUMPABLE");
	return show_path(SECRET_FILE);
}
