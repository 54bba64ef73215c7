/* technique: rewrites both paths of a renaming while they are judged
 * source: rename(2); seccomp_unotify(2)
 * success: vault/secret.txt is gone, or vault/moved was made
 * policy: kept
 * control: permissive
 * races: 2
 * event: FileRename
 */
#include "attack.h"
#include "race.h"

static char from[32] = "public/movable", to[32] = "public/moved";

static void swap(bool forbidden)
{
	strcpy(from, forbidden ? "vault/secret.txt" : "public/movable");
	strcpy(to, forbidden ? "public/moved" : "vault//moved");
}

static void attempt(void)
{
	close(open("public/movable", O_WRONLY | O_CREAT, 0600));
	rename(from, to);
	unlink("public/moved");
}

int main(void)
{
	return race(swap, attempt);
}
