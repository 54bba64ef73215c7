/* technique: changes the mode of the file through a descriptor opened for reading, which is permitted
 * source: reference study 4.3 #3; fchmodat2(2), AT_EMPTY_PATH
 * success: vault/secret.txt has another mode, or other times
 * policy: kept
 * control: permissive
 * event: FileSetAttr
 */
#include "attack.h"

int main(void)
{
	char path[64];
	int fd = open(SECRET_FILE, O_RDONLY);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return (int)syscall(452, fd, "", 0777, AT_EMPTY_PATH) ? failed(path) : 0;
}
