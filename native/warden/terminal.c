/* Saves termios, exclusive mode and the foreground process group of the controlling terminal. */
#define _GNU_SOURCE
#include "terminal.h"

#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static pid_t foreground;
static int exclusive;
static bool have;

void terminal_save(void)
{
	have = tcgetattr(STDIN_FILENO, &saved) == 0;
	ioctl(STDIN_FILENO, TIOCGEXCL, &exclusive);
	foreground = have ? tcgetpgrp(STDIN_FILENO) : -1;
}

/* SIGTTOU is blocked here, so this works from the background as well. Source: tcsetattr(3), setpgid(2). */
void terminal_restore(void)
{
	if (!have)
		return;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	/* Left exclusive, it could not be opened again: no /dev/tty for ssh(1) or less(1). Source: ioctl_tty(2). */
	if (!exclusive)
		ioctl(STDIN_FILENO, TIOCNXCL);
	/* An agent that was killed may leave the terminal to a group that no longer exists. */
	if (foreground > 0 && foreground == getpgrp())
		tcsetpgrp(STDIN_FILENO, foreground);
}
