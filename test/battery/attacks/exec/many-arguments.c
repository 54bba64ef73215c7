/* technique: hides the dangerous argument behind sixty thousand empty ones
 * source: reference study 4.3 #19: six arguments are seen
 * success: the forbidden program ran
 * policy: arguments
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	enum { COUNT = 60000 };
	static char *arguments[COUNT + 2] = { "forbidden" };

	for (int i = 1; i < COUNT; i++)
		arguments[i] = "";
	arguments[COUNT] = "--danger";
	execv("forbidden", arguments);
	return failed("execv");
}
