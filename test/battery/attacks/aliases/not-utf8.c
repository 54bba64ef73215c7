/* technique: leads to the forbidden directory by a link whose name is no UTF-8
 * source: path_resolution(7): names are bytes
 * success: the content of vault/secret.txt on the output
 * control: outside
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	if (symlink("vault", "\xff\xfe"))
		return failed("symlink");
	return show_path("\xff\xfe/secret.txt");
}
