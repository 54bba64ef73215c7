/* technique: writes its local descriptor table
 * source: modify_ldt(2); CVE-2015-5157
 * success: the table was written
 * control: outside
 * beside: power
 */
#include "power.h"
#include <asm/ldt.h>

static struct user_desc entry = { .entry_number = 0, .limit = 1, .seg_32bit = 1, .limit_in_pages = 1 };

int main(void)
{
	return power(syscall(SYS_modify_ldt, 1, &entry, sizeof entry), "modify_ldt");
}
