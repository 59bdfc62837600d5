/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Serial numbers that are missing among many that come out of order. Pure.
 */
#ifndef SCLOG_GAPS_H
#define SCLOG_GAPS_H

#include <stdbool.h>
#include <stdint.h>

/* How much later than the others one may come */
#define GAPS_WINDOW	4096

/* Zero-initialized has seen none */
struct gaps {
	bool begun;
	uint64_t base;		/* all before it are settled */
	uint64_t end;		/* behind the highest one seen */
	uint64_t missing;
	bool seen[GAPS_WINDOW];	/* of base and those behind it, by the low bits */
};

/** gaps_add() - one was seen, perhaps not for the first time */
void gaps_add(struct gaps *gaps, uint64_t serial);

/** gaps_end() - no more come: how many are missing between first and last */
uint64_t gaps_end(struct gaps *gaps);

#endif /* SCLOG_GAPS_H */
