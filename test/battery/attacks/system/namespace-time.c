/* technique: makes a time namespace
 * source: time_namespaces(7)
 * success: the namespace was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#define NEWTIME 0x80

int main(void)
{
	return power(unshare(CLONE_NEWUSER | NEWTIME), "unshare");
}
