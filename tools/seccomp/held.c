// SPDX-License-Identifier: GPL-2.0
/*
 * Records of filters of which it is not known yet whose they are.
 */
#include <stdlib.h>
#include <string.h>

#include "held.h"
#include "out.h"

#define HELD_MAX	4096

static bool has(const struct held *held, uint64_t filter)
{
	for (size_t i = 0; i < held->nr; i++)
		if (held->records[i].filter == filter)
			return true;
	return false;
}

void held_add(struct held *held, uint64_t filter, uint64_t seq,
	      unsigned int type, const char *text, size_t length)
{
	struct held_record *record;

	if (held->nr == HELD_MAX || (seq != 1 && !has(held, filter)))
		return;
	held->records = xreallocarray(held->records, held->nr + 1,
				      sizeof(*held->records));
	record = &held->records[held->nr++];
	*record = (struct held_record){
		.filter = filter,
		.type = type,
		.length = length,
		.text = xcalloc(length, 1),
	};
	memcpy(record->text, text, length);
}

void held_drop(struct held *held, uint64_t filter)
{
	size_t kept = 0;

	for (size_t i = 0; i < held->nr; i++) {
		if (held->records[i].filter == filter)
			free(held->records[i].text);
		else
			held->records[kept++] = held->records[i];
	}
	held->nr = kept;
}

void held_free(struct held *held)
{
	for (size_t i = 0; i < held->nr; i++)
		free(held->records[i].text);
	free(held->records);
	*held = (struct held){};
}
