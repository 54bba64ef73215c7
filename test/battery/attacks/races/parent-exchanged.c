/* technique: exchanges the parent directory of an open working directory
 * source: rename(2); openat(2): relative to a moving directory
 * success: the content of vault/secret.txt on the output, or vault is somewhere else
 * control: permissive
 * races: 2
 * event: FileRename
 */
#include "attack.h"
#include "race.h"

static void swap(bool forbidden)
{
	(void)forbidden;
	renameat2(AT_FDCWD, "vault", AT_FDCWD, "public", RENAME_EXCHANGE);
}

static void attempt(void)
{
	show_path_quietly("public/secret.txt");
}

int main(void)
{
	return race(swap, attempt);
}
