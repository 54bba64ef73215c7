/* Places under review enter, overlays that keep every change aside leave: the host's folder is the lower layer, the
 * upper one lies in the session's own folder and is out of reach when this returns (Documentation/filesystems/
 * overlayfs.rst).
 */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS (MS_NOSUID | MS_NODEV)

/* The kernel makes a folder in `work` for who mounts: in a container of an ordinary user's that is a subordinate id, of
 * which the user could not remove it. */
static int give_work(unsigned number)
{
	char place[64], made[80];
	struct stat owner;

	snprintf(place, sizeof place, ENTRY_CHANGES "/%u/own/work", number);
	snprintf(made, sizeof made, "%s/work", place);
	return stat(place, &owner) || lchown(made, owner.st_uid, owner.st_gid) ? -errno : 0;
}

/* The layers are named by number, so that no name of the host's stands among the options. `userxattr`: without it the
 * kernel keeps its marks in trusted.*, which no user namespace may write. */
static int mount_overlay(unsigned number, const char *place)
{
	char options[256];

	snprintf(options, sizeof options,
		 "lowerdir=" ENTRY_CHANGES "/%u/lower,upperdir=" ENTRY_CHANGES "/%u/own/upper,workdir=" ENTRY_CHANGES
		 "/%u/own/work,userxattr",
		 number, number, number);
	return mount("overlay", place, "overlay", FLAGS, options) ? -errno : give_work(number);
}

int overlay_mount(char *const *places, unsigned count, char *const *masks, unsigned mask_count, struct failure *failure)
{
	char here[PATH_MAX];
	int error = 0;

	if (count == 0)
		return 0;
	if (!getcwd(here, sizeof here))
		return failed(failure, -errno, "finding the working directory");
	/* For an ordinary user bubblewrap nests a user namespace, and the mounts belong to the outer one. */
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return failed(failure, -errno, "making a mount namespace for what is under review");
	for (unsigned i = 0; i < count && !error; i++)
		error = mount_overlay(i, places[i]);
	if (error)
		return failed(failure, error,
			      "mounting an overlay for what is under review (XDG_STATE_HOME must be on a local disk)");
	/* The masks that the host's mounts had stay below the overlay. */
	for (unsigned i = 0; i < mask_count && !error; i++)
		error = cover_with_nothing(masks[i]);
	if (error)
		return failed(failure, error, "masking a place in a folder under review");
	error = cover_with_nothing(ENTRY_CHANGES);
	if (error)
		return failed(failure, error, "hiding the layers of what is under review");
	/* It still stands on what the overlay covers. */
	return chdir(here) ? failed(failure, -errno, "entering the working directory") : 0;
}
