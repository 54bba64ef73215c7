/* Files of the agent's own enter as texts; they lie in its private home, and nowhere else. */
#define _GNU_SOURCE
#include "step.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What is mounted in the home shows the host: nothing is put through it (openat2(2)). */
static int open_within(int folder, const char *name)
{
	const struct open_how how = { .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
				      .resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS };
	int fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof how);

	return fd < 0 ? -errno : fd;
}

/* Makes the folders of `path` below `home`. The last one, or -errno; `*name` becomes what follows them. */
static int make_folders(int home, const char *path, const char **name)
{
	int folder = open_within(home, ".");

	for (const char *slash; folder >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
		char part[NAME_MAX + 1];
		if ((size_t)(slash - path) >= sizeof part) {
			close(folder);
			return -ENAMETOOLONG;
		}
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		int error = mkdirat(folder, part, 0700) && errno != EEXIST ? -errno : 0;
		int next = error ? error : open_within(folder, part);
		close(folder);
		folder = next;
	}
	*name = path;
	return folder;
}

static int write_all(int fd, const char *text)
{
	for (size_t length = strlen(text); length;) {
		ssize_t n = write(fd, text, length);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return 0;
}

static int make(int home, const char *path, const char *text)
{
	const char *name;
	int folder = make_folders(home, path, &name);

	if (folder < 0)
		return folder;
	int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int error = fd < 0 ? -errno : write_all(fd, text);
	if (fd >= 0)
		close(fd);
	close(folder);
	return error;
}

int copies_make(const char *home, const struct texts *copies, struct failure *failure)
{
	const char *end = copies->bytes + copies->length;
	int error = 0;

	if (copies->length == 0)
		return 0;
	int folder = home ? open(home, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (folder < 0)
		return failed(failure, home ? -errno : -EINVAL, "opening the private home folder");
	for (const char *path = copies->bytes; !error && path < end;) {
		const char *text = path + strlen(path) + 1;
		error = text < end ? make(folder, path, text) : -EPROTO;
		/* Of the host, or covered: the agent sees what is mounted there. */
		if (error == -EXDEV || error == -EEXIST)
			error = 0;
		path = text + strlen(text) + 1;
	}
	close(folder);
	return error ? failed(failure, error, "putting files into the private home folder") : 0;
}
