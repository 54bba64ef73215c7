/* technique: makes the clock run faster; the clock is none
 * source: clock_adjtime(2), adjtimex(2)
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/timex.h>

static struct timex change;

int main(void)
{
	return reaches_kernel(syscall(SYS_clock_adjtime, 99, &change), "clock_adjtime");
}
