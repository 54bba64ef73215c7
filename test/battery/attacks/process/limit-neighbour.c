/* technique: changes limits, scheduling and processors of a process of the host by its number
 * source: prlimit(2), sched_setscheduler(2), sched_setaffinity(2)
 * success: another limit, policy or set of processors of the neighbour on the host
 * control: outside
 * beside: neighbour
 */
#include "power.h"
#include <sys/resource.h>

int main(void)
{
	const struct rlimit few = { 7, 7 };
	const struct sched_param plain = { 0 };
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (syscall(SYS_prlimit64, neighbour(), RLIMIT_NOFILE, &few, NULL))
		failed("prlimit64");
	if (sched_setscheduler(neighbour(), SCHED_BATCH, &plain))
		failed("sched_setscheduler");
	if (sched_setaffinity(neighbour(), sizeof first, &first))
		failed("sched_setaffinity");
	return 0;
}
