/* technique: asks for a handle of a file, which opens it past every path
 * source: name_to_handle_at(2); the shocker.c escape
 * success: the handle was made
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
static struct {
	struct file_handle handle;
	char bytes[128];
} h = { .handle.handle_bytes = 128 };
static int mount_id;

int main(void)
{
	return power(syscall(SYS_name_to_handle_at, AT_FDCWD, "permitted.txt", &h, &mount_id, 0), "name_to_handle_at");
}
