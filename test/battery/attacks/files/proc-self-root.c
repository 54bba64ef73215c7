/* technique: reads the forbidden file below /proc/self/root, so that a rule about the path does not match its text
 * source: Ona Veto blog, step 1; reference study 4.3 #12; proc_pid_root(5)
 * success: the content of vault/secret.txt on the output
 * control: permissive
 * event: FileOpenReadOnly
 */
#include "attack.h"

int main(void)
{
	return show_path(below("/proc/self/root", SECRET_FILE));
}
