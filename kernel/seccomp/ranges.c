// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: sets of system call numbers as ranges and as text.
 */

#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/sort.h>
#include <kunit/visibility.h>

#include "abi.h"
#include "ranges.h"

/* The distance of two ranges of one architecture */
static u32 distance(const struct seccomp_range *a, const struct seccomp_range *b)
{
	if (a->first > b->last)
		return a->first - b->last;
	return b->first > a->last ? b->first - a->last : 0;
}

/* Are they numbers of the same ABI? */
static bool same_abi(const struct seccomp_range *a, const struct seccomp_range *b)
{
	return seccomp_abi_find(a->first, a->arch) ==
	       seccomp_abi_find(b->first, b->arch);
}

/*
 * The cost of joining two ranges. Joining ranges of two ABIs, which adds
 * numbers of system calls, is the last resort.
 */
static u64 join_cost(const struct seccomp_range *a, const struct seccomp_range *b)
{
	if (a->arch != b->arch)
		return U64_MAX;
	return distance(a, b) + (same_abi(a, b) ? 0 : BIT_ULL(32));
}

/* Join the two nearest ranges, and the numbers between them. */
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
 * seccomp_ranges_add() - add a number to a set of limited size
 * @ranges: the set, in any order
 * @nr: number of @ranges
 * @max: room in @ranges, for more ranges than there are architectures
 * @arch: AUDIT_ARCH_*
 * @number: system call number
 *
 * If there is no room, the two nearest ranges are joined: the set may then have
 * too many numbers, but not too few.
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
 * @ranges: where they go; at most half of @count, rounded up
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
 * seccomp_ranges_sort() - sort ranges of one architecture
 * @ranges: the ranges; adjacent and overlapping ones are joined
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
		if (distance(&ranges[i], &ranges[last]) <= 1)
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
 * @buf: where the text goes, NUL-terminated; empty if not one range fits
 * @size: size of @buf in bytes
 * @ranges: the ranges
 * @nr: number of @ranges
 *
 * Context: Any.
 * Return: How many ranges the text has, each of them complete.
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
