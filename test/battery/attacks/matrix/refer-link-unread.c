/* technique: links a file out of a directory where only reading is forbidden
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_REFER, link: more access rights in the destination
 * success: the content of vault/secret.txt on the output
 * policy: unread
 * control: permissive
 * event: FileLink
 */
#include "attack.h"

int main(void)
{
	return link(SECRET_FILE, "innocent") ? failed("link") : show_path("innocent");
}
