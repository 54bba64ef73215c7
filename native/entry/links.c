/* Names of files that programs look for in an image enter; symbolic links to Leash's own stand there, where the image
 * has such a folder. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A link in the image may lead to a place of the host's that is mounted: there nothing is changed (openat2(2)). */
static int open_folder(int root, const char *path)
{
	const struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
				      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS };

	return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

static void make(int root, const char *target, const char *place)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(place, '/');

	if (!slash || (size_t)(slash - place) >= sizeof folder)
		return;
	memcpy(folder, place, (size_t)(slash - place));
	folder[slash - place] = '\0';
	int fd = open_folder(root, folder);
	if (fd < 0)
		return;
	if (!unlinkat(fd, slash + 1, 0) || errno == ENOENT)
		(void)!symlinkat(target, fd, slash + 1);
	close(fd);
}

void links_make(char *const *links, unsigned count)
{
	int root = count ? open("/", O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	for (unsigned i = 0; root >= 0 && i < count; i++) {
		char *colon = strchr(links[i], ':');
		if (!colon)
			continue;
		*colon = '\0';
		make(root, links[i], colon + 1);
	}
	if (root >= 0)
		close(root);
}
