/* technique: exchanges the link by which a program is run
 * source: execve(2); rename(2), RENAME_EXCHANGE
 * success: the forbidden program ran
 * policy: programs
 * control: permissive
 * races: 2
 * event: ProcessExec
 */
#include "attack.h"
#include "race.h"

static void swap(bool forbidden)
{
	(void)forbidden;
	renameat2(AT_FDCWD, "way", AT_FDCWD, "other", RENAME_EXCHANGE);
}

static void attempt(void)
{
	if (symlink("permitted", "way") == 0)
		failed(symlink("forbidden", "other") ? "symlink" : "began");
	run("way", (char *[]){ "permitted", NULL });
}

int main(void)
{
	return race(swap, attempt);
}
