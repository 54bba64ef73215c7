/* neighbour FILE PROGRAM [ARGUMENT…]: becomes the program, after it left a process of the same group behind: a neighbour
 * of the sandbox on the host, with the text of $NEIGHBOUR_SECRET in its environment, its memory and an open file. Signals
 * that reach it are written to FILE, after its number; the program finds it by NEIGHBOUR, NEIGHBOUR_AT and NEIGHBOUR_FD. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECRET "NEIGHBOUR_SECRET"
#define SECRET_FD 100

static char secret[64];
static int report;

static void on_signal(int number)
{
	dprintf(report, "signal %d\n", number);
}

static void forget(const char *variable)
{
	char *value = getenv(variable);

	if (value)
		memset(value, '-', strlen(value));
}

static void stand(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	/* By its mark the processes of a session are known. */
	forget("SESSION_MARK");
	for (int i = 1; i < NSIG; i++)
		if (i != SIGCHLD)
			sigaction(i, &action, NULL);
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	dprintf(report, "%d %p\n", getpid(), (void *)secret);
	for (;;)
		pause();
}

int main(int argc, char **argv)
{
	char text[32];

	if (argc < 3 || !getenv(SECRET))
		return 2;
	snprintf(secret, sizeof secret, "%s", getenv(SECRET));
	report = open(argv[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	int fd = memfd_create("secret", MFD_CLOEXEC);
	if (report < 0 || write(fd, secret, sizeof secret) < 0 || dup3(fd, SECRET_FD, O_CLOEXEC) < 0)
		return 2;
	pid_t pid = fork();
	if (pid == 0)
		stand();
	snprintf(text, sizeof text, "%d", pid);
	setenv("NEIGHBOUR", text, 1);
	snprintf(text, sizeof text, "%p", (void *)secret);
	setenv("NEIGHBOUR_AT", text, 1);
	snprintf(text, sizeof text, "%d", SECRET_FD);
	setenv("NEIGHBOUR_FD", text, 1);
	/* Ready, or the program's first act could come too early. */
	while (lseek(report, 0, SEEK_END) == 0)
		usleep(1000);
	execvp(argv[2], argv + 2);
	return 2;
}
