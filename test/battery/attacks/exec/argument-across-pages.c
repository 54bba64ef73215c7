/* technique: lays the dangerous argument across the end of a page, and the list across another
 * source: execve(2); process_vm_readv(2): partial reads
 * success: the forbidden program ran
 * policy: arguments
 * control: permissive
 * event: ProcessExec
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
	char *area = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char **list = (char **)(area + 4096 - sizeof(char *));
	char *danger = area + 2 * 4096 - 4;

	if (area == MAP_FAILED)
		return failed("mmap");
	strcpy(danger, "--danger");
	list[0] = "forbidden";
	list[1] = danger;
	list[2] = NULL;
	execv("forbidden", list);
	return failed("execv");
}
