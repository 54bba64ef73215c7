/* technique: runs the forbidden program by an O_PATH descriptor
 * source: reference study 4.3 #18; execveat(2), AT_EMPTY_PATH
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	execveat(open("forbidden", O_PATH), "", (char *[]){ "permitted", NULL }, environ, AT_EMPTY_PATH);
	return failed("execveat");
}
