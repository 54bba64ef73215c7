/* technique: hides the dangerous argument behind nearly two megabytes of others
 * source: issue "10 MB argv"; reference study 4.3 #19: arguments beyond a limit are not seen
 * success: the forbidden program ran
 * policy: arguments
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	enum { LENGTH = 100000, COUNT = 19 };
	static char filler[LENGTH];
	char *arguments[COUNT + 3] = { "forbidden" };

	memset(filler, 'x', LENGTH - 1);
	for (int i = 1; i <= COUNT; i++)
		arguments[i] = filler;
	arguments[COUNT + 1] = "--danger";
	execv("forbidden", arguments);
	return failed("execv");
}
