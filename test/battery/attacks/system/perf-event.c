/* technique: counts events of the kernel for itself
 * source: perf_event_open(2); CVE-2013-2094
 * success: the event was opened
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/perf_event.h>

static struct perf_event_attr event = {
	.type = PERF_TYPE_SOFTWARE, .size = sizeof event, .config = PERF_COUNT_SW_PAGE_FAULTS, .exclude_kernel = 1
};

int main(void)
{
	return power(syscall(SYS_perf_event_open, &event, 0, -1, -1, 0), "perf_event_open");
}
