/* technique: exchanges a link on the way while the path is resolved
 * source: rename(2), RENAME_EXCHANGE; symlink races
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * races: 2
 * event: FileOpenReadOnly
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
	show_path_quietly("way/secret.txt");
}

int main(void)
{
	return race(swap, attempt);
}
