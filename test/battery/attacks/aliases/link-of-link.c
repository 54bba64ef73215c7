/* technique: makes a hard link to a symbolic link to the forbidden file, and follows it
 * source: linkat(2), AT_SYMLINK_FOLLOW
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	if (symlink(SECRET_FILE, "soft") || link("soft", "hard"))
		return failed("link");
	return show_path("hard");
}
