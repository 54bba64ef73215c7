/* technique: opens with the access mode 3, which asks for reading and writing and is given neither
 * source: open(2): the undocumented mode 3
 * success: vault/secret.txt has another time of change
 * policy: kept
 * control: none: the mode itself changes nothing; what is tried with it must stay without effect
 */
#include "attack.h"

int main(void)
{
	int fd = open(SECRET_FILE, 3);

	return fd < 0 || ftruncate(fd, 0) || write(fd, "x", 1) != 1 ? failed("mode 3") : 0;
}
