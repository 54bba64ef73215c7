/* Checks a table image once, so that walking it needs no checks. */
#include "table.h"

#include <stddef.h>

static int inside(uint32_t length, uint32_t offset, uint64_t bytes)
{
	return offset % 4 == 0 && offset <= length && bytes <= length - offset;
}

/* A plain label may hold anything: a verdict that means nothing is no permission. */
static int label_is_sound(const struct table_image *t, const struct table_class *k, uint32_t label)
{
	if (k == &t->classes[TABLE_PROGRAM])
		return label < t->programs;
	return !(label & TABLE_ROW) || (label & ~TABLE_ROW) < t->rows;
}

static int rows_are_sound(const struct table_image *t)
{
	uint64_t cells = (uint64_t)t->rows * t->programs;

	if (!t->programs || t->programs > t->length || cells > t->length || !inside(t->length, t->row, 4 * cells))
		return 0;
	for (uint64_t i = 0; i < cells; i++)
		if (table_words(t, t->row)[i] & TABLE_ROW)
			return 0;
	return 1;
}

static int class_is_sound(const struct table_image *t, const struct table_class *k)
{
	uint64_t cells = (uint64_t)k->states * k->columns;

	if (!k->slots || !k->states || !k->columns || k->columns > 256)
		return 0;
	if (!inside(t->length, k->base, 4ull * k->slots) || !inside(t->length, k->check, 4ull * k->slots) ||
	    !inside(t->length, k->fallback, 4ull * k->slots) || !inside(t->length, k->slot_label, 4ull * k->slots) ||
	    !inside(t->length, k->column_of, 256) || !inside(t->length, k->dense, 4 * cells) ||
	    !inside(t->length, k->dense_label, 4ull * k->states))
		return 0;
	for (uint32_t i = 0; i < 256; i++)
		if (((const uint8_t *)t + k->column_of)[i] >= k->columns)
			return 0;
	for (uint64_t i = 0; i < cells; i++)
		if (table_words(t, k->dense)[i] >= k->states)
			return 0;
	for (uint32_t i = 0; i < k->slots; i++) {
		uint32_t base = table_words(t, k->base)[i];
		if (table_words(t, k->fallback)[i] >= k->states || (base != TABLE_NONE && base > UINT32_MAX - 256))
			return 0;
		if (!label_is_sound(t, k, table_words(t, k->slot_label)[i]))
			return 0;
	}
	for (uint32_t i = 0; i < k->states; i++)
		if (!label_is_sound(t, k, table_words(t, k->dense_label)[i]))
			return 0;
	return 1;
}

int table_verify(const void *image, uint32_t length)
{
	const struct table_image *t = image;

	if (length < sizeof *t || t->magic != TABLE_MAGIC || t->length != length || !rows_are_sound(t))
		return -1;
	for (unsigned i = 0; i < TABLE_CLASSES; i++)
		if (!class_is_sound(t, &t->classes[i]))
			return -1;
	return 0;
}
