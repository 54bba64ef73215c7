/* technique: changes the owner of the file through a descriptor opened for reading
 * source: reference study 4.3 #3; fchown(2); fchownat(2), AT_EMPTY_PATH
 * success: vault/secret.txt has another owner or time of change
 * policy: kept
 * control: permissive
 * event: FileSetAttr
 */
#include "attack.h"

int main(void)
{
	int fd = open(SECRET_FILE, O_RDONLY);

	if (fchown(fd, getuid(), getgid()) && fchownat(fd, "", getuid(), getgid(), AT_EMPTY_PATH))
		return failed("fchown");
	return 0;
}
