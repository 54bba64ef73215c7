/* technique: changes the working directory that all threads share while a relative path is judged
 * source: chdir(2); clone(2), CLONE_FS
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * races: 2
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include "race.h"

static int vault, public;

__attribute__((constructor)) static void open_both(void)
{
	vault = open("vault", O_PATH);
	public = open("public", O_PATH);
}

static void swap(bool forbidden)
{
	fchdir(forbidden ? vault : public);
}

static void attempt(void)
{
	show_path_quietly("secret.txt");
}

int main(void)
{
	return race(swap, attempt);
}
