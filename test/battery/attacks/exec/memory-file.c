/* technique: copies the forbidden program into memory and runs it from there, where the policy knows the content
 * source: reference study 4.3 #18; memfd_create(2), fexecve(3)
 * success: the forbidden program ran
 * policy: content
 * control: outside
 * event: ProcessExec
 */
#include "attack.h"
#include <sys/mman.h>

int main(void)
{
	char text[4096];
	ssize_t n;
	int from = open("forbidden", O_RDONLY), to = memfd_create("innocent", 0);

	while ((n = read(from, text, sizeof text)) > 0)
		if (write(to, text, (size_t)n) != n)
			return failed("write");
	fexecve(to, (char *[]){ "innocent", NULL }, environ);
	return failed("fexecve");
}
