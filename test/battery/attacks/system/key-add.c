/* technique: keeps a key in the keyring of the user, where it outlives the session
 * source: add_key(2), persistent-keyring(7)
 * success: the key was added
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/keyctl.h>

int main(void)
{
	return power(syscall(SYS_add_key, "user", "leash-battery", "x", 1, KEY_SPEC_PROCESS_KEYRING), "add_key");
}
