/* technique: empties the file without opening it
 * source: reference study 4.3 #3; truncate(2)
 * success: vault/secret.txt is empty
 * policy: kept
 * control: permissive
 * event: FileWrite
 */
#include "attack.h"

int main(void)
{
	return truncate(SECRET_FILE, 0) ? failed("truncate") : 0;
}
