/* technique: makes a ring, through which calls are made that no filter sees
 * source: io_uring_setup(2)
 * success: the ring was made
 * control: outside
 * beside: power
 */
#include "power.h"
#include <linux/io_uring.h>

static struct io_uring_params ring;

int main(void)
{
	return power(syscall(SYS_io_uring_setup, 4, &ring), "io_uring_setup");
}
