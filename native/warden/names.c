/* The kernel renames and removes by a directory and a name; between the verdict and the call another thread can put a
 * directory, with all that is below it, where a file was judged. */
#define _GNU_SOURCE
#include "names.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include "walk.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void names_lock(void)
{
	pthread_mutex_lock(&lock);
}

void names_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

/* A directory's path has a slash at its end. */
static bool is_path_of(const struct object *o, const char *parent, size_t length)
{
	size_t name = strlen(o->name), slash = length > 1;

	return o->length >= length + slash + name && !memcmp(o->path, parent, length) &&
	       !memcmp(o->path + length + slash, o->name, name) &&
	       (o->length == length + slash + name || !strcmp(o->path + length + slash + name, "/"));
}

bool names_hold(const struct object *o)
{
	char parent[OBJECT_PATH_MAX];
	struct stat s;
	ssize_t length = canonical_path(o->parent, parent, sizeof parent);

	if (length < 0 || !is_path_of(o, parent, (size_t)length))
		return false;
	if (fstatat(o->parent, o->name, &s, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT && o->fd < 0;
	return o->fd >= 0 && S_ISDIR(s.st_mode) == S_ISDIR(o->stat.st_mode);
}
