/* What the attacks that race share: one thread changes something for and back, the other tries what it is about, for
 * SECONDS. Output is what was reached; the judge looks for what nobody may reach. */
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

static atomic_bool over;
static void (*change)(bool to_forbidden);

static void *keep_changing(void *unused)
{
	(void)unused;
	for (unsigned turn = 0; !over; turn++)
		change(turn % 2);
	return NULL;
}

static inline int race(void (*changer)(bool), void (*attempt)(void))
{
	struct timespec now, end;
	pthread_t thread;

	change = changer;
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += atoi(getenv("SECONDS"));
	if (pthread_create(&thread, NULL, keep_changing, NULL))
		return failed("pthread_create");
	do {
		attempt();
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
	over = true;
	pthread_join(thread, NULL);
	return 0;
}

/* Shows a file that is not the public one. */
static inline void show_path_quietly(const char *path)
{
	char text[64];
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text);

	if (fd >= 0)
		close(fd);
	if (n > 0 && memcmp(text, "public\n", 7) != 0 && write(STDOUT_FILENO, text, (size_t)n) < 0)
		exit(failed("write"));
}

/* Runs a program and waits for its end. */
static inline void run(const char *path, char *const arguments[])
{
	int status;
	pid_t child = vfork();

	if (child == 0) {
		execv(path, arguments);
		_exit(1);
	}
	waitpid(child, &status, 0);
}
