/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of system call numbers as summaries have them: "0-3,5".
 */
#ifndef SECCOMP_TEST_RANGES_H
#define SECCOMP_TEST_RANGES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The next range of a set, and the text behind it. NULL if the text does not start
 * with a range, written as the kernel writes it.
 */
static inline const char *ranges_next(const char *text, uint32_t *first,
				      uint32_t *last)
{
	unsigned long long from, to;
	char again[32];
	char *end;

	from = strtoull(text, &end, 10);
	to = *end == '-' ? strtoull(end + 1, &end, 10) : from;
	if (to < from || to > UINT32_MAX)
		return NULL;
	if (from == to)
		snprintf(again, sizeof(again), "%llu", from);
	else
		snprintf(again, sizeof(again), "%llu-%llu", from, to);
	if (strlen(again) != end - text || strncmp(again, text, end - text))
		return NULL;
	*first = from;
	*last = to;
	return end;
}

/* Is it a set, in order, and with a gap between each range and the next? */
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

/* The number of numbers of a set */
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
