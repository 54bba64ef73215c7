/* technique: changes the times of the file through a descriptor opened for reading, which is permitted
 * source: reference study 4.3 #3; futimens(3): utimensat(2) without a path
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
	return futimens(fd, (struct timespec[2]){ { 0 }, { 0 } }) ? failed(path) : 0;
}
