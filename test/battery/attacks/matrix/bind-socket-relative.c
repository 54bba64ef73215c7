/* technique: goes into the forbidden directory and binds a socket to a bare name there
 * source: Landlock selftests, fs_test: LANDLOCK_ACCESS_FS_MAKE_SOCK with a relative sun_path
 * success: vault/planted was made
 * control: permissive
 * event: FileCreate
 */
#include "attack.h"
#include <sys/socket.h>
#include <sys/un.h>

int main(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "planted" };

	if (chdir("vault"))
		return failed("chdir");
	return bind(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&name, sizeof name) ? failed("bind") : 0;
}
