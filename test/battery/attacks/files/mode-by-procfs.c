/* technique: changes the mode of the file through a descriptor opened for reading, which is permitted
 * source: reference study 4.3 #3; chmod(2) of /proc/self/fd/N
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
	return chmod(path, 0777) ? failed(path) : 0;
}
