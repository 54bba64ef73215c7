/* technique: rewrites the path of a truncation while it is judged
 * source: truncate(2); seccomp_unotify(2)
 * success: vault/secret.txt is empty
 * policy: kept
 * control: permissive
 * races: 2
 * event: FileWrite
 */
#include "attack.h"
#include "race.h"

static char path[32] = "public/secret.txt";

static void swap(bool forbidden)
{
	strcpy(path, forbidden ? "vault/secret.txt" : "public/secret.txt");
}

static void attempt(void)
{
	if (truncate(path, 0))
		return;
}

int main(void)
{
	return race(swap, attempt);
}
