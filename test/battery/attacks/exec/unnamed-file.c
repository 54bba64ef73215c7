/* technique: copies the forbidden program into a file without a name and runs it by its descriptor
 * source: open(2), O_TMPFILE; execveat(2), AT_EMPTY_PATH
 * success: the forbidden program ran
 * policy: content
 * control: outside
 * event: ProcessExec
 */
#include "attack.h"

int main(void)
{
	char text[4096], path[64];
	ssize_t n;
	int from = open("forbidden", O_RDONLY), to = open(".", O_TMPFILE | O_RDWR, 0700);

	while ((n = read(from, text, sizeof text)) > 0)
		if (write(to, text, (size_t)n) != n)
			return failed("write");
	/* A file that is open for writing does not run. */
	snprintf(path, sizeof path, "/proc/self/fd/%d", to);
	int run = open(path, O_RDONLY);
	close(to);
	execveat(run, "", (char *[]){ "innocent", NULL }, environ, AT_EMPTY_PATH);
	return failed("execveat");
}
