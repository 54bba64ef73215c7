/* technique: turns the randomization of addresses off for what it runs
 * source: personality(2)
 * success: the personality was set
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/personality.h>

int main(void)
{
	return power(personality(ADDR_NO_RANDOMIZE), "personality");
}
