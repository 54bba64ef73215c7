/* technique: makes a BPF map, the first step to a program in the kernel
 * source: bpf(2); CVE-2020-8835
 * success: the map was made
 * control: outside
 * beside: power
 * event: SystemCall
 * needs: root
 */
#include "power.h"
#include <linux/bpf.h>

static union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1 };

int main(void)
{
	return power(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map), "bpf");
}
