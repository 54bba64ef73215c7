/* technique: asks for the session keyring, which the user's other processes share
 * source: keyctl(2), keyrings(7); CVE-2016-0728
 * success: the keyring was found
 * control: outside
 * beside: power
 * event: SystemCall
 */
#include "power.h"
#include <linux/keyctl.h>

int main(void)
{
	return power(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1), "keyctl");
}
