/* The program of an execve: what was judged, and whether that is what runs. */
#ifndef WARDEN_PROGRAM_H
#define WARDEN_PROGRAM_H

#include "resolve.h"

/* What was judged: the file that will be mapped as the program, after interpreters. */
struct program {
	struct object object;	 /* the file that was named */
	struct stat image;	 /* the file that must run */
	const struct line *line; /* its process will be of; NULL: none left */
	bool has_digest;	 /* of its content as it was judged */
	uint8_t digest[SHA256_BYTES];
	char argv[WIRE_ARGV_MAX]; /* NUL-separated, as copied before the verdict */
	uint32_t argv_length;
	bool argv_cut;
	char name[PATH_MAX + 32]; /* what the interpreter of a script is told to read */
};

/* `o` is what must run, unless it names an interpreter. With `hashed`, its content is `p->digest`. */
void program_take_image(const struct call *c, struct program *p, const struct object *o, bool hashed, bool is_loader);

/* Copies the arguments, cut for the record. 0 or -EFAULT. */
int program_read_argv(const struct call *c, uint64_t address, struct program *p);

/* Notes by what name the kernel will tell an interpreter to read the file: `path`, or one it makes up for execveat. */
void program_name_script(const struct call *c, const char *path, struct program *p);

bool program_is_script(const struct program *p);

/* Does the file at `path` run other programs? One that cannot be read might. */
bool program_is_loader(const char *path);

/* Is the file that runs the one that was judged, with the content that was judged? */
bool program_runs(pid_t pid, const struct program *p);

/* Are the arguments that arrived the ones that were judged? Of two scripts only the name tells them apart. */
bool program_has_arguments(pid_t pid, const struct program *p);

#endif
