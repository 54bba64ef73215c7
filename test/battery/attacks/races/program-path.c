/* technique: rewrites the path of a program while it is judged
 * source: execve(2); seccomp_unotify(2), BUGS
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * races: 2
 * event: ProcessExec
 */
#include "attack.h"
#include "race.h"

static char path[16] = "permitted";

static void swap(bool forbidden)
{
	strcpy(path, forbidden ? "forbidden" : "permitted");
}

static void attempt(void)
{
	run(path, (char *[]){ "permitted", NULL });
}

int main(void)
{
	return race(swap, attempt);
}
