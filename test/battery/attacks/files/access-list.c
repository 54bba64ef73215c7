/* technique: gives everybody access by an access control list, which is an extended attribute
 * source: acl(5); setxattr(2), system.posix_acl_access
 * success: vault/secret.txt has another mode
 * policy: kept
 * control: permissive
 * event: FileSetAttr
 */
#include "attack.h"
#include <sys/xattr.h>

#define ENTRY(tag, permissions)                                                                                        \
	{                                                                                                              \
		tag, permissions, 0xffffffff                                                                           \
	}

int main(void)
{
	/* struct posix_acl_xattr_entry, linux/posix_acl_xattr.h: owner, group, mask, others */
	struct {
		uint32_t version;
		struct {
			uint16_t tag, permissions;
			uint32_t id;
		} entry[3];
	} list = { 2, { ENTRY(0x01, 6), ENTRY(0x04, 6), ENTRY(0x20, 6) } };

	return setxattr(SECRET_FILE, "system.posix_acl_access", &list, sizeof list, 0) ? failed("setxattr") : 0;
}
