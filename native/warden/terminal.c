/* Saves termios and the foreground process group of the controlling terminal. */
#define _GNU_SOURCE
#include "terminal.h"

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

static struct termios saved;
static pid_t foreground;
static bool have;

void terminal_save(void)
{
	have = tcgetattr(STDIN_FILENO, &saved) == 0;
	foreground = have ? tcgetpgrp(STDIN_FILENO) : -1;
}

/* SIGTTOU is blocked here, so this works from the background as well. Source: tcsetattr(3), setpgid(2). */
void terminal_restore(void)
{
	if (!have)
		return;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	/* An agent that was killed may leave the terminal to a group that no longer exists. */
	if (foreground > 0 && foreground == getpgrp())
		tcsetpgrp(STDIN_FILENO, foreground);
}
