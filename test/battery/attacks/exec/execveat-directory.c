/* technique: runs the forbidden program beneath an O_PATH descriptor of its directory
 * source: execveat(2)
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	execveat(open("vault", O_PATH), "tool", (char *[]){ "permitted", NULL }, environ, 0);
	return failed("execveat");
}
