/* The backstop behind the warden: directories enter, a Landlock domain in which only they can be written leaves
 * (landlock(7)). */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's interface, spelled out because distribution headers know only a part of it
 * (include/uapi/linux/landlock.h). */
enum { CREATE_RULESET_VERSION = 1 << 0, RULE_PATH_BENEATH = 1 };

enum {
	FS_WRITE_FILE = 1 << 1,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,	/* ABI 2 */
	FS_TRUNCATE = 1 << 14,	/* ABI 3 */
	FS_IOCTL_DEV = 1 << 15, /* ABI 5 */
};

enum { SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1 }; /* ABI 6 */

struct ruleset_attributes {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* ABI 4 */
	uint64_t scoped;	     /* ABI 6 */
};

struct path_beneath {
	uint64_t allowed_access;
	int32_t parent;
} __attribute__((packed));

#define FS_OF_A_FILE (FS_WRITE_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

static uint64_t writing_rights(long abi)
{
	uint64_t rights = FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_CHAR | FS_MAKE_DIR | FS_MAKE_REG |
			  FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK | FS_MAKE_SYM;

	if (abi >= 2)
		rights |= FS_REFER;
	if (abi >= 3)
		rights |= FS_TRUNCATE;
	if (abi >= 5)
		rights |= FS_IOCTL_DEV;
	return rights;
}

/* A path that does not exist needs no rule: it cannot be created either, unless another rule covers it. */
static int allow_beneath(int ruleset, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat status;
	int error = 0;

	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	struct path_beneath rule = { .allowed_access = rights, .parent = fd };
	if (fstat(fd, &status))
		error = -errno;
	else if (!S_ISDIR(status.st_mode))
		rule.allowed_access &= FS_OF_A_FILE;
	if (!error && syscall(SYS_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0))
		error = -errno;
	close(fd);
	return error;
}

int landlock_restrict(char *const *directories, unsigned count, uint32_t *abi, struct failure *failure)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	*abi = 0;
	if (version < 0 && (errno == ENOSYS || errno == EOPNOTSUPP)) /* not built, or not enabled at boot */
		return 0;
	if (version < 0)
		return failed(failure, -errno, "asking for the Landlock version");

	const uint64_t rights = writing_rights(version);
	const struct ruleset_attributes attributes = {
		.handled_access_fs = rights,
		.scoped = version >= 6 ? SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL : 0,
	};
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
	if (ruleset < 0)
		return failed(failure, -errno, "creating the Landlock ruleset");

	int error = 0;
	for (unsigned i = 0; i < count && !error; i++)
		error = allow_beneath(ruleset, directories[i], rights);
	if (!error && syscall(SYS_landlock_restrict_self, ruleset, 0))
		error = -errno;
	close(ruleset);
	if (error)
		return failed(failure, error, "restricting writes with Landlock");
	*abi = (uint32_t)version;
	return 0;
}
