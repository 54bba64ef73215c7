/* technique: binds a socket to a name beneath the forbidden directory, and makes one by mknod
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_SOCK
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "vault/planted" };

	if (bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name) == 0)
		return 0;
	return mknod("vault/planted", S_IFSOCK | 0600, 0) ? failed("mknod") : 0;
}
