// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: sets of system call numbers as ranges, and as text.
 */

#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/sort.h>
#include <kunit/visibility.h>

#include "calls.h"
#include "ranges.h"

/* How far two ranges of one architecture are from each other */
static u32 gap(const struct seccomp_range *a, const struct seccomp_range *b)
{
	if (a->first > b->last)
		return a->first - b->last;
	return b->first > a->last ? b->first - a->last : 0;
}

/* Are all numbers between the two as unused as they are themselves? */
static bool same_gap(const struct seccomp_range *a, const struct seccomp_range *b)
{
#if CALLS_X32
	if (a->arch == SECCOMP_ARCH_NATIVE)
		return (a->first < __X32_SYSCALL_BIT) ==
		       (b->first < __X32_SYSCALL_BIT);
#endif
	return true;
}

/*
 * How much joining two ranges would cost. To claim numbers that are in use is the
 * last resort.
 */
static u64 join_cost(const struct seccomp_range *a, const struct seccomp_range *b)
{
	if (a->arch != b->arch)
		return U64_MAX;
	return gap(a, b) + (same_gap(a, b) ? 0 : BIT_ULL(32));
}

/* Make one of the two nearest ranges; what lies between then counts as well. */
static unsigned int join_nearest(struct seccomp_range *ranges, unsigned int nr)
{
	struct seccomp_range *joined = NULL, *gone = NULL;
	u64 lowest = U64_MAX;

	for (struct seccomp_range *a = ranges; a < ranges + nr; a++)
		for (struct seccomp_range *b = a + 1; b < ranges + nr; b++)
			if (join_cost(a, b) < lowest) {
				lowest = join_cost(a, b);
				joined = a;
				gone = b;
			}
	if (!gone)
		return nr;

	joined->first = min(joined->first, gone->first);
	joined->last = max(joined->last, gone->last);
	*gone = ranges[nr - 1];
	return nr - 1;
}

/**
 * seccomp_ranges_add() - add one number to a set that must not grow
 * @ranges: the set, in any order
 * @nr: number of @ranges
 * @max: room in @ranges
 * @arch: AUDIT_ARCH_*
 * @number: system call number
 *
 * Where there is no room the two nearest ranges become one, with all numbers
 * between: the set may get too large, never too small.
 *
 * Context: Any. The caller locks.
 * Return: The new number of @ranges.
 */
unsigned int seccomp_ranges_add(struct seccomp_range *ranges, unsigned int nr,
				unsigned int max, u32 arch, u32 number)
{
	for (struct seccomp_range *range = ranges; range < ranges + nr; range++) {
		if (range->arch != arch)
			continue;
		if (number >= range->first && number <= range->last)
			return nr;
		if (number && number - 1 == range->last) {
			range->last = number;
			return nr;
		}
		if (number + 1 && number + 1 == range->first) {
			range->first = number;
			return nr;
		}
	}

	if (nr == max)
		nr = join_nearest(ranges, nr);
	if (nr < max)
		ranges[nr++] = (struct seccomp_range){ arch, number, number };
	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_ranges_add);

/**
 * seccomp_ranges_of_bits() - the ranges of a bitmap
 * @ranges: where they go; there may be as many as half of @count, rounded up
 * @bits: the bitmap
 * @from: the first bit to look at
 * @count: how many bits
 * @arch: AUDIT_ARCH_*
 * @number: the system call number of bit @from
 *
 * Context: Any.
 * Return: Number of ranges.
 */
unsigned int seccomp_ranges_of_bits(struct seccomp_range *ranges,
				    const unsigned long *bits,
				    unsigned int from, unsigned int count,
				    u32 arch, u32 number)
{
	unsigned int end = from + count;
	unsigned int nr = 0;
	unsigned int bit = find_next_bit(bits, end, from);

	while (bit < end) {
		unsigned int zero = find_next_zero_bit(bits, end, bit);

		ranges[nr++] = (struct seccomp_range){
			.arch = arch,
			.first = number + bit - from,
			.last = number + zero - 1 - from,
		};
		bit = find_next_bit(bits, end, zero);
	}
	return nr;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_ranges_of_bits);

static int range_order(const void *a, const void *b)
{
	const struct seccomp_range *left = a, *right = b;

	return left->first < right->first ? -1 : left->first > right->first;
}

/**
 * seccomp_ranges_sort() - put ranges of one architecture into order
 * @ranges: the ranges; those that touch or overlap become one
 * @nr: number of @ranges
 *
 * Context: Any.
 * Return: The new number of @ranges.
 */
unsigned int seccomp_ranges_sort(struct seccomp_range *ranges, unsigned int nr)
{
	unsigned int last = 0;

	sort(ranges, nr, sizeof(*ranges), range_order, NULL);
	for (unsigned int i = 1; i < nr; i++) {
		if (gap(&ranges[i], &ranges[last]) <= 1)
			ranges[last].last = max(ranges[last].last,
						ranges[i].last);
		else
			ranges[++last] = ranges[i];
	}
	return nr ? last + 1 : 0;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_ranges_sort);

/**
 * seccomp_ranges_print() - write ranges as "0-3,5,9-12"
 * @buf: where the text goes, NUL-terminated; empty where not one range fits
 * @size: size of @buf in bytes
 * @ranges: the ranges
 * @nr: number of @ranges
 *
 * Context: Any.
 * Return: How many of the ranges the text has, each of them whole.
 */
unsigned int seccomp_ranges_print(char *buf, size_t size,
				  const struct seccomp_range *ranges,
				  unsigned int nr)
{
	/* a comma, two numbers of ten digits, a dash and the NUL */
	char text[1 + 10 + 1 + 10 + 1];
	unsigned int printed;
	size_t used = 0;

	buf[0] = '\0';
	for (printed = 0; printed < nr; printed++) {
		const struct seccomp_range *range = &ranges[printed];
		size_t len;

		len = scnprintf(text, sizeof(text), "%s%u", printed ? "," : "",
				range->first);
		if (range->last != range->first)
			len += scnprintf(text + len, sizeof(text) - len, "-%u",
					 range->last);
		if (used + len >= size)
			break;
		memcpy(buf + used, text, len + 1);
		used += len;
	}
	return printed;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_ranges_print);
