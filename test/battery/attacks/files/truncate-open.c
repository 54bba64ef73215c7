/* technique: empties the file by opening it for reading with O_TRUNC
 * source: open(2): the effect of O_RDONLY | O_TRUNC is unspecified, on Linux it truncates
 * success: vault/secret.txt is empty
 * policy: kept
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	return open(SECRET_FILE, O_RDONLY | O_TRUNC) < 0 ? failed("open") : 0;
}
