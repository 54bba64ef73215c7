/* The compiled policy: a flat byte image made by src/policy/compile and walked here, byte by byte of a path.
 *
 * Per class one automaton: a double-array trie of all literal strings, and a dense automaton of byte classes for
 * everything else. delta(node, c)  = child(node, c)             when the trie has that edge = dense(fallback(node), c)
 * otherwise; the walk never returns to the trie The label where the walk ends holds, for action i, four bits at 4*i:
 * the verdict of the enforced set (2 bits) and of the set that includes shadow policies (2 bits). A verdict is
 * TABLE_DENY, TABLE_ALLOW, TABLE_QUERY (only the manager can decide) or TABLE_ASK (a person decides; the manager asks).
 * The three bits above number what only the manager knows: two paths with one label that has such a number are decided
 * alike in every request. 0: nobody says so.
 * Where the verdicts depend on the program that asks, the label is TABLE_ROW and the number of a row, which has such a
 * label for each program class. The walk of TABLE_PROGRAM along the path of an executable ends at its program class.
 * All integers are little-endian uint32 unless said otherwise; all offsets count bytes from the start of the image.
 */
#ifndef LEASH_TABLE_H
#define LEASH_TABLE_H

#include <stdint.h>

#define TABLE_MAGIC 0x4c544232u /* "2BTL" in memory order */
#define TABLE_NONE 0xffffffffu
#define TABLE_ROW 0x80000000u
#define TABLE_RESIDUAL 0x70000000u

enum table_class_id { TABLE_FILE = 0, TABLE_EXEC = 1, TABLE_PROGRAM = 2, TABLE_CLASSES = 3 };
enum table_verdict { TABLE_DENY = 0, TABLE_ALLOW = 1, TABLE_QUERY = 2, TABLE_ASK = 3 };

struct table_class {
	uint32_t slots;	      /* trie slots */
	uint32_t states;      /* dense states */
	uint32_t columns;     /* byte classes */
	uint32_t base;	      /* uint32[slots]: child of s on byte c is base[s] + c; TABLE_NONE: no children */
	uint32_t check;	      /* uint32[slots]: parent slot; TABLE_NONE: free, or the root (slot 0) */
	uint32_t fallback;    /* uint32[slots]: dense state */
	uint32_t slot_label;  /* uint32[slots] */
	uint32_t column_of;   /* uint8[256] */
	uint32_t dense;	      /* uint32[states * columns] */
	uint32_t dense_label; /* uint32[states] */
};

struct table_image {
	uint32_t magic;
	uint32_t length; /* of the whole image */
	struct table_class classes[TABLE_CLASSES];
	uint32_t programs; /* program classes; at least one */
	uint32_t rows;
	uint32_t row; /* uint32[rows * programs]: label of each program class, never another row */
};

/* A position in an automaton: in the trie while `slot` is not TABLE_NONE, else in dense state `state`. */
struct table_state {
	uint32_t slot;
	uint32_t state;
};

static inline const uint32_t *table_words(const struct table_image *t, uint32_t offset)
{
	return (const uint32_t *)((const uint8_t *)t + offset);
}

static inline struct table_state table_start(void)
{
	return (struct table_state){ .slot = 0, .state = 0 };
}

static inline struct table_state table_step(const struct table_image *t, const struct table_class *k,
					    struct table_state s, uint8_t byte)
{
	uint32_t state = s.state;

	if (s.slot != TABLE_NONE) {
		uint32_t base = table_words(t, k->base)[s.slot];
		if (base != TABLE_NONE) {
			uint32_t next = base + byte;
			if (next < k->slots && table_words(t, k->check)[next] == s.slot)
				return (struct table_state){ .slot = next, .state = 0 };
		}
		state = table_words(t, k->fallback)[s.slot];
	}
	uint8_t column = ((const uint8_t *)t + k->column_of)[byte];
	return (struct table_state){ .slot = TABLE_NONE,
				     .state = table_words(t, k->dense)[state * k->columns + column] };
}

static inline uint32_t table_label(const struct table_image *t, const struct table_class *k, struct table_state s)
{
	return s.slot != TABLE_NONE ? table_words(t, k->slot_label)[s.slot] : table_words(t, k->dense_label)[s.state];
}

/* Where a path ends. */
static inline struct table_state table_end(const struct table_image *t, const struct table_class *k, const char *path,
					   uint32_t length)
{
	struct table_state s = table_start();

	for (uint32_t i = 0; i < length; i++)
		s = table_step(t, k, s, (uint8_t)path[i]);
	return s;
}

/* The program class of an executable, below t->programs; of an unknown one by a path of no bytes. */
static inline uint32_t table_program(const struct table_image *t, const char *exe, uint32_t length)
{
	const struct table_class *k = &t->classes[TABLE_PROGRAM];

	return table_label(t, k, table_end(t, k, exe, length));
}

/* The verdicts in a label for a program class of the same image. */
static inline uint32_t table_verdicts(const struct table_image *t, uint32_t label, uint32_t program)
{
	return label & TABLE_ROW ? table_words(t, t->row)[(label & ~TABLE_ROW) * t->programs + program] : label;
}

/* The verdicts of TABLE_FILE or TABLE_EXEC for a path, when a program of that class asks. */
static inline uint32_t table_walk(const struct table_image *t, enum table_class_id id, const char *path,
				  uint32_t length, uint32_t program)
{
	const struct table_class *k = &t->classes[id];

	return table_verdicts(t, table_label(t, k, table_end(t, k, path, length)), program);
}

static inline enum table_verdict table_enforced(uint32_t label, unsigned action)
{
	return (enum table_verdict)(label >> (4 * action) & 3);
}

static inline enum table_verdict table_shadow(uint32_t label, unsigned action)
{
	return (enum table_verdict)(label >> (4 * action + 2) & 3);
}

/* Checks that every offset, edge, state, row and program class of an image lies inside it. 0, or -1: the image must not
 * be walked. */
int table_verify(const void *image, uint32_t length);

#endif
