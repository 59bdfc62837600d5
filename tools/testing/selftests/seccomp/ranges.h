/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of system call numbers as summaries write them: "0-3,5".
 */
#ifndef SECCOMP_TEST_RANGES_H
#define SECCOMP_TEST_RANGES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Read the first range of a set. Returns the text behind it; NULL if the text
 * does not start with a range as the kernel writes it.
 */
static inline const char *ranges_next(const char *text, uint32_t *first,
				      uint32_t *last)
{
	unsigned long long from, to;
	char expected[32];
	char *end;

	from = strtoull(text, &end, 10);
	to = *end == '-' ? strtoull(end + 1, &end, 10) : from;
	if (to < from || to > UINT32_MAX)
		return NULL;
	if (from == to)
		snprintf(expected, sizeof(expected), "%llu", from);
	else
		snprintf(expected, sizeof(expected), "%llu-%llu", from, to);
	if (strlen(expected) != (size_t)(end - text) ||
	    strncmp(expected, text, end - text))
		return NULL;
	*first = from;
	*last = to;
	return end;
}

/* Is it a set, its ranges in order and with a gap between them? */
static inline bool ranges_valid(const char *text)
{
	uint64_t lowest = 0;
	uint32_t first, last;

	do {
		text = ranges_next(text, &first, &last);
		if (!text || first < lowest)
			return false;
		lowest = (uint64_t)last + 2;
	} while (*text++ == ',');

	return !text[-1];
}

/* How many numbers a set has */
static inline unsigned long ranges_size(const char *text)
{
	unsigned long size = 0;
	uint32_t first, last;

	while ((text = ranges_next(text, &first, &last))) {
		size += (unsigned long)last - first + 1;
		if (*text++ != ',')
			break;
	}
	return size;
}

#endif /* SECCOMP_TEST_RANGES_H */
