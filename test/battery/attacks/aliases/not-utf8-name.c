/* technique: makes a file whose name begins with the forbidden prefix and goes on with bytes that no rule can name
 * source: path_resolution(7): names are bytes
 * success: a file called forbidden and more
 * control: outside
 * event: FileCreate
 */
#include "attack.h"

int main(void)
{
	return open("forbidden\xff\xc0", O_WRONLY | O_CREAT, 0600) < 0 ? failed("open") : 0;
}
