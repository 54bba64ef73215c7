/* technique: sets the clock; the time is none
 * source: settimeofday(2), clock_settime(2); journals that lie
 * success: the kernel let the call in
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/time.h>
#include <time.h>

static const struct timeval none = { 0, -1 };
static const struct timespec never = { 0, -1 };

int main(void)
{
	return syscall(SYS_settimeofday, &none, NULL) && errno == EPERM ? reaches_kernel(syscall(SYS_clock_settime, CLOCK_REALTIME, &never), "clock_settime") : granted();
}
