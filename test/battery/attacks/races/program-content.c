/* technique: exchanges the content behind the name of a program while its hash is taken
 * source: execve(2); context.sha256
 * success: the forbidden program ran
 * policy: content
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
	if (link("permitted", "way") == 0)
		failed(link("forbidden", "other") ? "link" : "began");
	run("way", (char *[]){ "permitted", NULL });
}

int main(void)
{
	return race(swap, attempt);
}
