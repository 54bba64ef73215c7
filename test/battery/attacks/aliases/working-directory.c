/* technique: goes into the forbidden directory and names the file without it
 * source: chdir(2)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	return chdir("vault") ? failed("chdir") : show_path("secret.txt");
}
