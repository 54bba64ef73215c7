/* Files of Leash's own, and what they are to stand for, enter; places in the image that show them, and nothing else,
 * leave. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLAGS (MS_NOSUID | MS_NODEV)

static int mount_empty(const char *place)
{
	return mount("tmpfs", place, "tmpfs", FLAGS | MS_NOEXEC | MS_RDONLY, "mode=0000,size=4k") ? -errno : 0;
}

/* A device on a nodev mount: opening it fails. */
static int cover_file(const char *place)
{
	if (mount("/dev/null", place, NULL, MS_BIND, NULL))
		return -errno;
	return mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | FLAGS | MS_NOEXEC, NULL) ? -errno : 0;
}

int cover_with_nothing(const char *place)
{
	struct stat status;

	if (lstat(place, &status))
		return -errno;
	if (S_ISLNK(status.st_mode))
		return -ELOOP; /* what was to be masked is not what stands there */
	return S_ISDIR(status.st_mode) ? mount_empty(place) : cover_file(place);
}

/* An image need not have the file, nor the folders above it. */
static int make_file(char *place)
{
	struct stat status;

	if (!stat(place, &status))
		return 0;
	for (char *slash = strchr(place + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int error = mkdir(place, 0755) && errno != EEXIST ? -errno : 0;
		*slash = '/';
		if (error)
			return error;
	}
	int fd = open(place, O_CREAT | O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* `SOURCE:PLACE`; neither has a colon in it. */
static int cover(const char *words)
{
	char source[PATH_MAX];
	size_t length = strlen(words);
	char *place = length < sizeof source ? strchr(strcpy(source, words), ':') : NULL;

	if (!place)
		return -EINVAL;
	*place++ = '\0';
	int error = make_file(place);
	if (error)
		return error;
	if (mount(source, place, NULL, MS_BIND, NULL))
		return -errno;
	return mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | FLAGS, NULL) ? -errno : 0;
}

int cover_all(char *const *covers, unsigned count, char *const *masks, unsigned mask_count, struct failure *failure)
{
	int error = 0;

	for (unsigned i = 0; i < count && !error; i++)
		error = cover(covers[i]);
	if (error)
		return failed(failure, error, "covering a file of the image");
	for (unsigned i = 0; i < mask_count && !error; i++)
		error = cover_with_nothing(masks[i]);
	return error ? failed(failure, error, "masking a place") : 0;
}
