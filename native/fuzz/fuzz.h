/* What the fuzz programs share: numbered inputs that can be made again, and bytes that are nearly right.
 *
 *   PROGRAM --inputs N [--seed S] [--first I] [CORPUS FILE…]
 *
 * Input I of seed S is the same on every machine. What a program finds wrong ends it, with the seed and the number of
 * the input on stderr: `--seed S --first I --inputs 1` makes it again.
 */
#ifndef LEASH_FUZZ_H
#define LEASH_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* SplitMix64, Steele, Lea and Flood 2014: a counter and a mixing function. */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *r);

/* From 0 to below `limit`. */
uint32_t random_below(struct random *r, uint32_t limit);

static inline bool random_one_in(struct random *r, uint32_t n)
{
	return random_below(r, n) == 0;
}

void random_bytes(struct random *r, void *bytes, size_t length);

/* A number at which length checks break: near 0, a power of two, the largest, or `near`. */
uint32_t random_length(struct random *r, uint32_t near);

/* Changes `*length` of at most `capacity` bytes in one to four places: flips, overwrites, cuts, repeats, removes. */
void mutate(struct random *r, uint8_t *bytes, size_t *length, size_t capacity);

/* Ends the program when what it fuzzes did what it never may. */
#define require(condition, ...)                                                                                        \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			fuzz_fail(__FILE__, __LINE__, __VA_ARGS__);                                                    \
	} while (0)
_Noreturn void fuzz_fail(const char *file, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Each program has these three. */
void fuzz_open(char *const *files, unsigned count);
void fuzz_one(struct random *r);
/* Says in a few words what became of the inputs. */
void fuzz_close(char *summary, size_t size);

/* A file of the corpus, in memory of exactly its length. */
uint8_t *fuzz_read_file(const char *path, size_t *length);

#endif
