/* technique: runs the forbidden program by a descriptor open for reading
 * source: reference study 4.3 #18; fexecve(3)
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	fexecve(open("forbidden", O_RDONLY), (char *[]){ "permitted", NULL }, environ);
	return failed("fexecve");
}
