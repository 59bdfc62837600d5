// SPDX-License-Identifier: GPL-2.0
/*
 * Serial numbers that are missing.
 */
#include <string.h>

#include "gaps.h"

/* Settle all before @base */
static void advance(struct gaps *gaps, uint64_t base)
{
	/* beyond a whole window nothing was seen */
	if (base > gaps->base + GAPS_WINDOW) {
		uint64_t skipped = base - gaps->base - GAPS_WINDOW;

		advance(gaps, gaps->base + GAPS_WINDOW);
		gaps->missing += skipped;
		gaps->base = base;
		return;
	}
	for (; gaps->base < base; gaps->base++) {
		bool *seen = &gaps->seen[gaps->base % GAPS_WINDOW];

		gaps->missing += !*seen;
		*seen = false;
	}
}

void gaps_add(struct gaps *gaps, uint64_t serial)
{
	if (!gaps->begun) {
		gaps->begun = true;
		gaps->base = serial;
		gaps->end = serial;
	}
	/* before the first one, or counted as missing already */
	if (serial < gaps->base)
		return;
	if (serial - gaps->base >= GAPS_WINDOW)
		advance(gaps, serial - GAPS_WINDOW + 1);
	gaps->seen[serial % GAPS_WINDOW] = true;
	if (serial >= gaps->end)
		gaps->end = serial + 1;
}

uint64_t gaps_end(struct gaps *gaps)
{
	if (gaps->begun)
		advance(gaps, gaps->end);
	return gaps->missing;
}
