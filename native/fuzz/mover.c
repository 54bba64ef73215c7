/* Renames, exchanges and replaces in the tree of tree.h, for ever: nothing comes in, and no path leads to the same
 * object for long. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fuzz.h"
#include "tree.h"

_Noreturn void tree_move_about(void)
{
	static const char *const names[] = { "/a/b", "/a/x",   "/a/l", "/abs", "/m/x",
					     "/x",   "/a/b/f", "/t/d", "/t/x", "/file" };
	unsigned count = sizeof names / sizeof *names;
	struct random r = { .state = 7 };

	for (;;) {
		const char *from = names[random_below(&r, count)], *to = names[random_below(&r, count)];
		syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to,
			random_one_in(&r, 2) ? (unsigned)RENAME_EXCHANGE : 0u);
		if (random_one_in(&r, 4)) {
			const char *name = names[random_below(&r, count)];
			if (!unlink(name) && symlink(random_one_in(&r, 2) ? "/proc/self/fd/17" : "../../..", name))
				_exit(1);
		}
	}
}
