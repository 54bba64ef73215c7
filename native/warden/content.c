/* From a file to its digest. Before execve the digest only foretells: the file may still be written, through a shared
 * mapping without a new time stamp. From the exec event to the end of the process the kernel denies every writer
 * (i_writecount, deny_write_access()), so a digest taken then is of what runs.
 */
#define _GNU_SOURCE
#include "content.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BUFFER_BYTES (64u << 10)
#define KEPT 64u

static atomic_bool required;

bool content_required(void)
{
	return atomic_load(&required);
}

bool content_is_held(void)
{
	char *const none[] = { NULL };
	char path[32];
	int fd = memfd_create("written", MFD_CLOEXEC);

	if (fd < 0)
		return false;
	/* Opened anew, because the first descriptor of a memfd does not count as a writer. Then it is executed: refused
	 * for the writer, or else for what it holds (ENOEXEC). */
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int writer = open(path, O_RDWR | O_CLOEXEC);
	bool held = writer >= 0 && syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH) < 0 && errno == ETXTBSY;
	if (writer >= 0)
		close(writer);
	close(fd);
	return held;
}

int content_require(bool now)
{
	if (now && !content_required() && !content_is_held())
		return -ENOTSUP;
	atomic_store(&required, now);
	return 0;
}

/* ---- what was read before ---- */

struct kept {
	struct stat stat;
	uint8_t digest[SHA256_BYTES];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct kept kept[KEPT];
static unsigned next_kept;

/* Read-only where it is mounted; and, as it may be mounted elsewhere too, not the user's own and not open to others. */
static bool is_out_of_reach(int fd, const struct stat *s, uid_t uid)
{
	struct statvfs mount;

	return s->st_uid != uid && !(s->st_mode & (S_IWGRP | S_IWOTH)) && fstatvfs(fd, &mount) == 0 &&
	       mount.f_flag & ST_RDONLY;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

bool content_is_settled(int fd, uid_t uid)
{
	struct stat s;

	return fstat(fd, &s) == 0 && is_out_of_reach(fd, &s, uid);
}

static bool recall(const struct stat *s, uint8_t digest[static SHA256_BYTES])
{
	bool found = false;

	pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < KEPT && !found; i++) {
		found = kept[i].stat.st_ino && is_same(&kept[i].stat, s);
		if (found)
			memcpy(digest, kept[i].digest, SHA256_BYTES);
	}
	pthread_mutex_unlock(&lock);
	return found;
}

static void keep(const struct stat *s, const uint8_t digest[static SHA256_BYTES])
{
	pthread_mutex_lock(&lock);
	struct kept *k = &kept[next_kept++ % KEPT];
	k->stat = *s;
	memcpy(k->digest, digest, SHA256_BYTES);
	pthread_mutex_unlock(&lock);
}

static int read_whole(int fd, uint8_t digest[static SHA256_BYTES])
{
	static __thread char buffer[BUFFER_BYTES];
	struct sha256 s;
	ssize_t n;

	sha256_begin(&s);
	while ((n = pread(fd, buffer, sizeof buffer, (off_t)s.length)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (s.length + (uint64_t)n > CONTENT_BYTES_MAX)
			return -EFBIG;
		sha256_add(&s, buffer, (size_t)n);
	}
	sha256_end(&s, digest);
	return 0;
}

int content_digest(const char *path, uid_t uid, uint8_t digest[static SHA256_BYTES])
{
	struct stat s;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	int error = fstat(fd, &s) ? -errno : !S_ISREG(s.st_mode) ? -EACCES : 0;
	bool may_keep = !error && is_out_of_reach(fd, &s, uid);
	if (!error && (uint64_t)s.st_size > CONTENT_BYTES_MAX)
		error = -EFBIG;
	if (!error && !(may_keep && recall(&s, digest))) {
		error = read_whole(fd, digest);
		if (!error && may_keep)
			keep(&s, digest);
	}
	close(fd);
	return error;
}
