/* Holds the table in force behind a read-write lock and answers from it. */
#define _GNU_SOURCE
#include "decide.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct table_image *table;
static uint32_t current_epoch;
static uint32_t generation; /* tables so far; the manager's numbers might come twice */
static enum wire_mode current_mode;

int decide_load(void *image, uint32_t length, uint32_t epoch, enum wire_mode mode)
{
	if (table_verify(image, length)) {
		free(image);
		return -1;
	}
	pthread_rwlock_wrlock(&lock);
	struct table_image *old = table;
	table = image;
	generation++;
	current_epoch = epoch;
	current_mode = mode;
	pthread_rwlock_unlock(&lock);
	free(old);
	return 0;
}

bool decide_loaded(void)
{
	pthread_rwlock_rdlock(&lock);
	bool loaded = table != NULL;
	pthread_rwlock_unlock(&lock);
	return loaded;
}

uint32_t decide_epoch(void)
{
	pthread_rwlock_rdlock(&lock);
	uint32_t epoch = current_epoch;
	pthread_rwlock_unlock(&lock);
	return epoch;
}

bool decide_observes(void)
{
	pthread_rwlock_rdlock(&lock);
	bool observes = current_mode == WIRE_OBSERVE;
	pthread_rwlock_unlock(&lock);
	return observes;
}

/* Well-formed UTF-8, shortest forms only, no surrogates. Source: RFC 3629 section 4. */
static bool is_utf8(const char *text, uint32_t length)
{
	const uint8_t *s = (const uint8_t *)text, *end = s + length;

	while (s < end) {
		uint8_t c = *s++;
		if (c < 0x80)
			continue;
		unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		if (c < 0xc2 || c > 0xf4 || (size_t)(end - s) < more)
			return false;
		uint8_t low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
		uint8_t high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
		if (*s < low || *s > high)
			return false;
		for (unsigned i = 1; i < more; i++)
			if ((s[i] & 0xc0) != 0x80)
				return false;
		s += more;
	}
	return true;
}

/* The class of the program under the table in force: looked up once a table. Caller holds the lock. */
static uint32_t program_class(const struct line *l)
{
	uint64_t known = __atomic_load_n(&l->program, __ATOMIC_RELAXED);

	if (known >> 32 == generation)
		return (uint32_t)known;
	/* What is not UTF-8 is to Cedar as good as unknown, and an unknown program has the empty path. */
	uint32_t class = table_program(table, l->exe, is_utf8(l->exe, l->length) ? l->length : 0);
	/* Lines are made by malloc; all but this note is constant. */
	__atomic_store_n((uint64_t *)&l->program, (uint64_t)generation << 32 | class, __ATOMIC_RELAXED);
	return class;
}

/* The verdicts on a path when `asker` asks. Caller holds the lock. */
static uint32_t look_up(enum table_class_id class, const char *path, uint32_t length, const struct line *asker)
{
	const struct table_class *k = &table->classes[class];
	uint32_t label = table_label(table, k, table_end(table, k, path, length));

	if (!(label & TABLE_ROW))
		return label;
	return asker ? table_verdicts(table, label, program_class(asker)) : 0;
}

struct judgement decide_path(enum table_class_id class, uint16_t actions, const char *path, uint32_t length,
			     const struct line *asker)
{
	struct judgement j = { .denied = actions };

	pthread_rwlock_rdlock(&lock);
	j.epoch = current_epoch;
	j.observe = current_mode == WIRE_OBSERVE;
	if (!table || !is_utf8(path, length)) {
		j.flags = WIRE_FLAG_BUILTIN;
		j.observe = false;
	} else {
		uint32_t label = look_up(class, path, length, asker);
		j.denied = 0;
		for (unsigned i = 0; actions >> i; i++) {
			if (!(actions >> i & 1))
				continue;
			enum table_verdict enforced = table_enforced(label, i);
			if (enforced == TABLE_QUERY || enforced == TABLE_ASK)
				j.open |= (uint16_t)(1 << i);
			else if (enforced != TABLE_ALLOW)
				j.denied |= (uint16_t)(1 << i);
			if (table_shadow(label, i) != enforced)
				j.flags |= WIRE_FLAG_SHADOW_DIFFERS;
		}
	}
	pthread_rwlock_unlock(&lock);
	return j;
}

struct judgement decide_refusal(uint16_t actions)
{
	return (struct judgement){ .denied = actions, .flags = WIRE_FLAG_BUILTIN, .epoch = decide_epoch() };
}

#define FILE_ACTIONS 7u

/* Moved content is content written: it must not come to stand where it could not have been created or written. */
#define PLACING (WIRE_WRITE | WIRE_CREATE)

/* Does `to` permit an action that `from` does not surely permit, or hold content that could not be put there? */
static bool launders(uint32_t from, uint32_t to)
{
	/* Whatever the manager would say of one name, it says of the other. */
	if (from == to && from & TABLE_RESIDUAL)
		return false;
	for (unsigned i = 0; i < FILE_ACTIONS; i++) {
		enum table_verdict before = table_enforced(from, i), after = table_enforced(to, i);
		if (after != TABLE_DENY && before != TABLE_ALLOW)
			return true;
		if (PLACING >> i & 1 && before != TABLE_DENY && after != TABLE_ALLOW)
			return true;
	}
	return false;
}

/* What one program moves, another may read: compared for each. Caller holds the lock. */
static bool launders_for_any(uint32_t from, uint32_t to)
{
	uint32_t programs = (from | to) & TABLE_ROW ? table->programs : 1;

	for (uint32_t program = 0; program < programs; program++)
		if (launders(table_verdicts(table, from, program), table_verdicts(table, to, program)))
			return true;
	return false;
}

static uint64_t pair_key(const struct table_class *k, struct table_state a, struct table_state b)
{
	uint64_t x = a.slot != TABLE_NONE ? a.slot : (uint64_t)k->slots + a.state;
	uint64_t y = b.slot != TABLE_NONE ? b.slot : (uint64_t)k->slots + b.state;
	return x << 32 | y;
}

/* Pairs of positions already compared, open addressing; a subtree that needs more than this many counts as wider (fail
 * closed). */
#define PAIRS_MAX 65536u

struct pairs {
	uint64_t seen[2 * PAIRS_MAX];
	struct table_state stack[PAIRS_MAX][2];
	uint32_t count, depth;
};

static bool visit(struct pairs *p, const struct table_class *k, struct table_state a, struct table_state b)
{
	uint64_t key = pair_key(k, a, b) + 1;
	uint32_t at = (uint32_t)(key * 0x9e3779b97f4a7c15u >> 47);

	for (; p->seen[at]; at = (at + 1) % (2 * PAIRS_MAX))
		if (p->seen[at] == key)
			return true;
	if (p->count == PAIRS_MAX)
		return false;
	p->seen[at] = key;
	p->count++;
	p->stack[p->depth][0] = a;
	p->stack[p->depth++][1] = b;
	return true;
}

/* Compares everything reachable from two positions: the same suffix appended to both paths. */
static bool subtree_may_move(const struct table_class *k, struct table_state from, struct table_state to)
{
	struct pairs *p = calloc(1, sizeof *p);
	bool fine = p && visit(p, k, from, to);

	while (fine && p->depth) {
		p->depth--;
		struct table_state a = p->stack[p->depth][0], b = p->stack[p->depth][1];
		if (pair_key(k, a, a) == pair_key(k, b, b))
			continue;
		if (launders_for_any(table_label(table, k, a), table_label(table, k, b))) {
			fine = false;
			break;
		}
		for (unsigned byte = 1; fine && byte < 256; byte++)
			fine = visit(p, k, table_step(table, k, a, (uint8_t)byte),
				     table_step(table, k, b, (uint8_t)byte));
	}
	free(p);
	return fine;
}

bool decide_may_move(const char *from, uint32_t from_length, const char *to, uint32_t to_length)
{
	bool fine = false;

	pthread_rwlock_rdlock(&lock);
	if (table) {
		const struct table_class *k = &table->classes[TABLE_FILE];
		struct table_state a = table_end(table, k, from, from_length), b = table_end(table, k, to, to_length);
		if (from_length && from[from_length - 1] == '/')
			fine = subtree_may_move(k, a, b);
		else
			fine = !launders_for_any(table_label(table, k, a), table_label(table, k, b));
	}
	pthread_rwlock_unlock(&lock);
	return fine;
}
