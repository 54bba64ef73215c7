/* Standard streams of a program that no person's terminal holds. */
#ifndef WARDEN_STREAMS_H
#define WARDEN_STREAMS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Ends of one program's streams, -1 where there is none. */
struct streams {
	bool terminal;
	int program[3];	  /* for the program: the same one thrice with a terminal */
	int source, sink; /* what it writes to standard output, and what it reads; one descriptor with a terminal */
	int errors;	  /* what it writes to standard error, apart */
};

enum streams_kind {
	STREAMS_TERMINAL,
	STREAMS_OUTPUT, /* one pipe for what it writes; its standard input stays as it was */
	STREAMS_PIPES,	/* three pipes */
	STREAMS_DEAF,	/* two pipes, and the end of file to read */
};

/* 0 or -errno, and nothing is open. All are close-on-exec. */
int streams_open(struct streams *s, enum streams_kind kind, uint16_t rows, uint16_t columns);

/* Opens the other end of `master`, if it is the controlling terminal of `session`. A descriptor, or -1 with errno. */
int streams_open_terminal(int master, pid_t session, int flags);

/* In a child that is about to execute: it gets the program's ends, and the terminal for its own. 0 or -errno. */
int streams_enter(const struct streams *s);

/* Closes the program's ends here; a terminal's stays, so that it is not over when the last program closed it. */
void streams_keep(struct streams *s);

/* Closes all. */
void streams_close(struct streams *s);

/* Programs in the foreground are told, also when the size is the same: who attaches wants to see the picture. */
void streams_resize(int terminal, uint16_t rows, uint16_t columns);

#endif
