/* technique: asks for direct access to the machine's ports
 * source: ioperm(2), iopl(2)
 * success: the ports were given
 * control: none: not every kernel is built with this call
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <sys/io.h>

int main(void)
{
	return power(ioperm(0x80, 1, 1), "ioperm");
}
