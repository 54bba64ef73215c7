/* technique: rewrites the path in memory while it is judged
 * source: seccomp_unotify(2), BUGS: time of check, time of use
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * races: 2
 * event: FileOpenReadOnly
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
	show_path_quietly(path);
}

int main(void)
{
	return race(swap, attempt);
}
