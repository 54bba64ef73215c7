/* For each file named: "program", "shared" or "other", as the warden takes it; then, tab-separated, the interpreter
 * that its first line names, or the errno of what no loader of the kernel takes. One line each.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../warden/binary.h"
#include "../warden/script.h"

int main(int argc, char **argv)
{
	static const char *const kinds[] = {
		[BINARY_OTHER] = "other",
		[BINARY_PROGRAM] = "program",
		[BINARY_SHARED] = "shared",
	};

	for (int i = 1; i < argc; i++) {
		char head[SCRIPT_HEAD] = "", interpreter[SCRIPT_HEAD];
		int fd = open(argv[i], O_RDONLY);
		if (fd < 0 || pread(fd, head, sizeof head, 0) < 0)
			return 1;
		int error = script_interpreter(head, interpreter);
		printf("%s\t%s\n", kinds[binary_read(fd)], error ? strerrorname_np(-error) : interpreter);
		close(fd);
	}
	return 0;
}
