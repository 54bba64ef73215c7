/* The user that an image names enters; a process that is this user leaves, still with its capabilities. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME_MAX_BYTES 256

/* A whole decimal number that stands for somebody: the last one stands for nobody (setresuid(2)). */
static bool read_number(const char *text, unsigned *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value >= UINT_MAX)
		return false;
	*number = (unsigned)value;
	return true;
}

/* By name or number. A number need not be in the file; its group is 0 then, as engines have it. */
static int find_user(const char *text, uid_t *uid, gid_t *gid)
{
	bool is_number = read_number(text, uid);
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *p = NULL;

	*gid = 0;
	while (file && (p = fgetpwent(file)))
		if (is_number ? p->pw_uid == *uid : !strcmp(p->pw_name, text))
			break;
	if (p) {
		*uid = p->pw_uid;
		*gid = p->pw_gid;
	}
	if (file)
		fclose(file);
	return p || is_number ? 0 : -ENOENT;
}

static int find_group(const char *text, gid_t *gid)
{
	FILE *file;
	struct group *g = NULL;

	if (read_number(text, gid))
		return 0;
	file = fopen("/etc/group", "re");
	while (file && (g = fgetgrent(file)) && strcmp(g->gr_name, text))
		;
	if (g)
		*gid = g->gr_gid;
	if (file)
		fclose(file);
	return g ? 0 : -ENOENT;
}

static int find(const char *text, uid_t *uid, gid_t *gid)
{
	char user[NAME_MAX_BYTES];
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);

	if (!length || length >= sizeof user)
		return -ENOENT;
	memcpy(user, text, length);
	user[length] = '\0';
	int error = find_user(user, uid, gid);
	return error || !colon ? error : find_group(colon + 1, gid);
}

/* What was permitted before the user was another is in force again. */
static int keep_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, sets))
		return -errno;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		sets[i].effective = sets[i].permitted;
	return syscall(SYS_capset, &header, sets) ? -errno : 0;
}

int identity_become(const char *user, char *const *owned, unsigned count, struct failure *failure)
{
	uid_t uid;
	gid_t gid;
	int error = find(user, &uid, &gid);

	if (error)
		return failed(failure, error, "finding the image's user in its /etc/passwd and /etc/group");
	for (unsigned i = 0; !error && i < count; i++)
		error = home_give(owned[i], uid, gid);
	if (error)
		return failed(failure, error, "giving the home folder to the image's user");
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgroups(0, NULL) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid))
		return failed(failure, -errno, "becoming the image's user");
	error = keep_capabilities();
	return error ? failed(failure, error, "becoming the image's user") : 0;
}
