/* The upper layer of an overlay enters, the names of its opaque folders leave: those that hide what the lower layer has
 * at their place. The agent cannot make the mark: names under user.overlay. are the kernel's own there. */
#define _GNU_SOURCE
#include "step.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#define MARK "user.overlay.opaque"

/* From the layer's root; the agent may nest deeper than a path can be long. */
struct place {
	char *text;
	size_t length;
};

static bool is_opaque(int folder)
{
	char value;

	return fgetxattr(folder, MARK, &value, sizeof value) == 1 && value == 'y';
}

static int print(const struct place *place)
{
	return fwrite(place->text, 1, place->length, stdout) == place->length && putchar(0) == 0 ? 0 : -EIO;
}

static int append(struct place *place, const char *name)
{
	size_t n = strlen(name), slash = place->length > 0;
	char *text = realloc(place->text, place->length + slash + n);

	if (!text)
		return -ENOMEM;
	if (slash)
		text[place->length] = '/';
	memcpy(text + place->length + slash, name, n);
	*place = (struct place){ text, place->length + slash + n };
	return 0;
}

static int visit(int folder, struct place *place);

static int visit_below(DIR *entries, struct place *place)
{
	const size_t length = place->length;
	int error = 0;

	while (!error) {
		errno = 0;
		const struct dirent *entry = readdir(entries);
		if (!entry)
			return -errno;
		if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		int below = openat(dirfd(entries), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		error = below < 0 ? -errno : append(place, entry->d_name);
		if (!error)
			error = visit(below, place);
		else if (below >= 0)
			close(below);
		place->length = length;
	}
	return error;
}

/* Takes the descriptor. */
static int visit(int folder, struct place *place)
{
	int error = is_opaque(folder) ? print(place) : 0;
	DIR *entries = error ? NULL : fdopendir(folder);

	if (!entries) {
		error = error ? error : -errno;
		close(folder);
		return error;
	}
	error = visit_below(entries, place);
	closedir(entries);
	return error;
}

int opaque_print(const char *layer)
{
	struct place place = { 0 };
	int folder = open(layer, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = folder < 0 ? -errno : visit(folder, &place);

	free(place.text);
	return error ? error : fflush(stdout) ? -errno : 0;
}
