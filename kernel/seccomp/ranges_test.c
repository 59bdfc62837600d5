// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for sets of system call numbers: ranges and their text.
 */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/kernel.h>
#include <linux/prandom.h>

#include "syscall_index.h"
#include "ranges.h"

/* Two architectures */
#define A		0xc000003e
#define B		0x40000003

#define RANGES_MAX	8
#define BITS		700

/* A set of numbers */
struct set {
	struct seccomp_range ranges[RANGES_MAX];
	unsigned int nr;
};

static void add(struct set *set, unsigned int max, u32 arch, u32 number)
{
	set->nr = seccomp_ranges_add(set->ranges, set->nr, max, arch, number);
}

static bool has(const struct set *set, u32 arch, u32 number)
{
	for (unsigned int i = 0; i < set->nr; i++)
		if (set->ranges[i].arch == arch &&
		    set->ranges[i].first <= number &&
		    set->ranges[i].last >= number)
			return true;
	return false;
}

/* The set has one range. */
static void expect_one(struct kunit *test, const struct set *set, u32 arch,
		       u32 first, u32 last)
{
	KUNIT_ASSERT_EQ(test, 1U, set->nr);
	KUNIT_EXPECT_EQ(test, arch, set->ranges[0].arch);
	KUNIT_EXPECT_EQ(test, first, set->ranges[0].first);
	KUNIT_EXPECT_EQ(test, last, set->ranges[0].last);
}

static void seccomp_ranges_grow_at_both_ends(struct kunit *test)
{
	struct set set = { };

	add(&set, RANGES_MAX, A, 500);
	expect_one(test, &set, A, 500, 500);
	add(&set, RANGES_MAX, A, 501);
	expect_one(test, &set, A, 500, 501);
	add(&set, RANGES_MAX, A, 499);
	expect_one(test, &set, A, 499, 501);
	add(&set, RANGES_MAX, A, 500);
	expect_one(test, &set, A, 499, 501);
}

static void seccomp_ranges_do_not_wrap(struct kunit *test)
{
	struct set low = { }, high = { };

	add(&low, RANGES_MAX, A, 0);
	add(&low, RANGES_MAX, A, U32_MAX);
	KUNIT_EXPECT_EQ(test, 2U, low.nr);
	add(&high, RANGES_MAX, A, U32_MAX);
	add(&high, RANGES_MAX, A, 0);
	KUNIT_EXPECT_EQ(test, 2U, high.nr);
	KUNIT_EXPECT_TRUE(test, has(&high, A, 0) && has(&high, A, U32_MAX));
	KUNIT_EXPECT_FALSE(test, has(&high, A, 1));
}

static void seccomp_ranges_distinguish_architectures(struct kunit *test)
{
	struct set set = { };

	add(&set, RANGES_MAX, A, 500);
	add(&set, RANGES_MAX, B, 501);
	add(&set, RANGES_MAX, B, 499);
	KUNIT_EXPECT_EQ(test, 3U, set.nr);
	KUNIT_EXPECT_FALSE(test, has(&set, A, 501));
	KUNIT_EXPECT_FALSE(test, has(&set, B, 500));
}

static void seccomp_ranges_join_nearest_if_full(struct kunit *test)
{
	struct set set = { };

	add(&set, 3, A, 100);
	add(&set, 3, A, 200);
	add(&set, 3, A, 210);
	KUNIT_ASSERT_EQ(test, 3U, set.nr);
	add(&set, 3, A, 400);
	KUNIT_EXPECT_EQ(test, 3U, set.nr);
	KUNIT_EXPECT_TRUE(test, has(&set, A, 205));
	KUNIT_EXPECT_FALSE(test, has(&set, A, 199));
	KUNIT_EXPECT_FALSE(test, has(&set, A, 211));
	KUNIT_EXPECT_FALSE(test, has(&set, A, 101));
	KUNIT_EXPECT_TRUE(test, has(&set, A, 400));
}

/* Only ranges of the same architecture are joined. */
static void seccomp_ranges_join_within_architecture(struct kunit *test)
{
	struct set set = { };

	add(&set, 4, A, 100);
	add(&set, 4, B, 101);
	add(&set, 4, A, 5000);
	add(&set, 4, B, 9000);
	add(&set, 4, A, 20000);
	KUNIT_EXPECT_EQ(test, 4U, set.nr);
	KUNIT_EXPECT_TRUE(test, has(&set, A, 101));
	KUNIT_EXPECT_FALSE(test, has(&set, B, 100));
	KUNIT_EXPECT_FALSE(test, has(&set, B, 5000));
}

#if SYSCALLS_X32
/* Ranges with system calls between them are joined last. */
static void seccomp_ranges_join_across_used_numbers_last(struct kunit *test)
{
	const u32 below = __X32_SYSCALL_BIT - 1;
	const u32 above = __X32_SYSCALL_BIT + SYSCALLS_X32;
	struct set set = { };

	add(&set, 3, SECCOMP_ARCH_NATIVE, below);
	add(&set, 3, SECCOMP_ARCH_NATIVE, above);
	add(&set, 3, SECCOMP_ARCH_NATIVE, U32_MAX);
	add(&set, 3, B, 1);
	KUNIT_EXPECT_EQ(test, 3U, set.nr);
	KUNIT_EXPECT_TRUE(test, has(&set, SECCOMP_ARCH_NATIVE, above + 1));
	KUNIT_EXPECT_FALSE(test, has(&set, SECCOMP_ARCH_NATIVE, above - 1));
	/* there are no other ranges to join */
	add(&set, 3, SECCOMP_ARCH_NATIVE ^ 1, 1);
	KUNIT_EXPECT_EQ(test, 3U, set.nr);
	KUNIT_EXPECT_TRUE(test, has(&set, SECCOMP_ARCH_NATIVE, above - 1));
}
#endif

/* A set may get numbers that were not added, but it has all that were. */
static void seccomp_ranges_have_all_numbers(struct kunit *test)
{
	static const u32 numbers[] = { 0, U32_MAX, 0x40000000, 0x7fffffff };
	struct rnd_state rnd;
	u32 added[64];

	prandom_seed_state(&rnd, 1);
	for (int n = 0; n < 400; n++) {
		unsigned int max = 3 + n % (RANGES_MAX - 2);
		struct set set = { };

		for (int i = 0; i < ARRAY_SIZE(added); i++) {
			u32 number = prandom_u32_state(&rnd);

			if (n % 3)
				number %= 300;
			if (number % 16 == 0)
				number = numbers[number / 16 % 4];
			added[i] = number;
			add(&set, max, i % 2 ? A : B, number);
			KUNIT_ASSERT_LE(test, set.nr, max);
			for (int j = 0; j <= i; j++)
				KUNIT_ASSERT_TRUE_MSG(test,
						      has(&set, j % 2 ? A : B,
							  added[j]),
						      "%u of %d, %u", added[j],
						      i, max);
		}
	}
}

static void seccomp_ranges_match_bitmap(struct kunit *test)
{
	DECLARE_BITMAP(bits, BITS);
	static struct seccomp_range ranges[BITS / 2 + 1];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 2);
	for (int n = 0; n < 100; n++) {
		unsigned int from = prandom_u32_state(&rnd) % 100;
		unsigned int count = prandom_u32_state(&rnd) % (BITS - from);
		unsigned int nr, at = 0;

		for (unsigned int bit = 0; bit < BITS; bit++)
			__assign_bit(bit, bits,
				     prandom_u32_state(&rnd) % 8 > n % 9);
		nr = seccomp_ranges_of_bits(ranges, bits, from, count, A,
					    0x40000000);
		KUNIT_ASSERT_LE(test, nr, (count + 1) / 2);
		for (unsigned int bit = 0; bit < count; bit++) {
			u32 number = 0x40000000 + bit;
			bool in;

			while (at < nr && ranges[at].last < number)
				at++;
			in = at < nr && ranges[at].first <= number;
			KUNIT_ASSERT_EQ_MSG(test, in,
					    (bool)test_bit(from + bit, bits),
					    "round %d bit %u", n, bit);
		}
		/* no number beyond the bits, and no adjacent ranges */
		for (unsigned int i = 0; i < nr; i++) {
			KUNIT_EXPECT_EQ(test, (u32)A, ranges[i].arch);
			KUNIT_EXPECT_LT(test, ranges[i].last,
					0x40000000 + count);
			KUNIT_EXPECT_LE(test, ranges[i].first, ranges[i].last);
			if (i)
				KUNIT_EXPECT_GT(test, ranges[i].first,
						ranges[i - 1].last + 1);
		}
	}
}

static void expect_sorted(struct kunit *test, struct seccomp_range *ranges,
			  unsigned int nr, const struct seccomp_range *expected,
			  unsigned int expected_nr)
{
	nr = seccomp_ranges_sort(ranges, nr);
	KUNIT_ASSERT_EQ(test, expected_nr, nr);
	for (unsigned int i = 0; i < nr; i++) {
		KUNIT_EXPECT_EQ_MSG(test, expected[i].first, ranges[i].first,
				    "%u", i);
		KUNIT_EXPECT_EQ_MSG(test, expected[i].last, ranges[i].last,
				    "%u", i);
	}
}

static void seccomp_ranges_sort_merges(struct kunit *test)
{
	struct seccomp_range mixed[] = {
		{ A, 30, 40 }, { A, 0, 0 }, { A, 41, 41 }, { A, 5, 9 },
		{ A, 20, 50 }, { A, 1, 2 }, { A, 4, 4 }, { A, 52, 60 },
		{ A, U32_MAX - 1, U32_MAX }, { A, 55, 57 },
	};
	static const struct seccomp_range expected[] = {
		{ A, 0, 2 }, { A, 4, 9 }, { A, 20, 50 }, { A, 52, 60 },
		{ A, U32_MAX - 1, U32_MAX },
	};

	expect_sorted(test, mixed, ARRAY_SIZE(mixed), expected,
		      ARRAY_SIZE(expected));
	KUNIT_EXPECT_EQ(test, 0U, seccomp_ranges_sort(mixed, 0));
	KUNIT_EXPECT_EQ(test, 1U, seccomp_ranges_sort(mixed, 1));
}

static void seccomp_ranges_sort_at_the_end(struct kunit *test)
{
	struct seccomp_range ends[] = {
		{ A, U32_MAX, U32_MAX }, { A, 0, 0 }, { A, U32_MAX, U32_MAX },
		{ A, 0, 0 },
	};
	static const struct seccomp_range expected[] = {
		{ A, 0, 0 }, { A, U32_MAX, U32_MAX },
	};

	expect_sorted(test, ends, ARRAY_SIZE(ends), expected,
		      ARRAY_SIZE(expected));
}

/* Text */

static const struct seccomp_range some[] = {
	{ A, 0, 3 }, { A, 5, 5 }, { A, 9, 12 },
	{ A, 1000000000, 1000000000 }, { A, 4294967294U, U32_MAX },
};

#define SOME_TEXT	"0-3,5,9-12,1000000000,4294967294-4294967295"

static void seccomp_ranges_print_all(struct kunit *test)
{
	char buf[64];

	KUNIT_EXPECT_EQ(test, 5U, seccomp_ranges_print(buf, sizeof(buf), some, 5));
	KUNIT_EXPECT_STREQ(test, buf, SOME_TEXT);
	KUNIT_EXPECT_EQ(test, 0U, seccomp_ranges_print(buf, sizeof(buf), some, 0));
	KUNIT_EXPECT_STREQ(test, buf, "");
}

/* For each size: as many whole ranges as fit, and no byte beyond. */
static void seccomp_ranges_print_whole_ranges_only(struct kunit *test)
{
	static const char text[] = SOME_TEXT;
	char buf[sizeof(text) + 8];

	for (size_t size = 1; size <= sizeof(text) + 4; size++) {
		unsigned int expected = 0;
		unsigned int printed;
		size_t fitting = 0;

		/* the longest part that ends with a whole range */
		for (size_t len = 1; len < sizeof(text) && len < size; len++)
			if (text[len] == ',' || !text[len]) {
				fitting = len;
				expected++;
			}

		memset(buf, '#', sizeof(buf));
		printed = seccomp_ranges_print(buf, size, some, 5);
		KUNIT_EXPECT_EQ_MSG(test, expected, printed, "size %zu", size);
		KUNIT_EXPECT_EQ_MSG(test, fitting, strlen(buf), "size %zu",
				    size);
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(buf, text, fitting),
				    "size %zu", size);
		for (size_t i = size; i < sizeof(buf); i++)
			KUNIT_EXPECT_EQ_MSG(test, '#', buf[i],
					    "size %zu byte %zu", size, i);
	}
}

/* The parts together are the whole text. */
static void seccomp_ranges_print_in_parts(struct kunit *test)
{
	for (size_t size = sizeof("4294967294-4294967295"); size < 64; size++) {
		unsigned int done = 0;
		char whole[80] = "";
		char part[64];

		while (done < 5) {
			unsigned int printed =
				seccomp_ranges_print(part, size, some + done,
						     5 - done);

			KUNIT_ASSERT_NE_MSG(test, 0U, printed, "size %zu", size);
			if (done)
				strlcat(whole, ",", sizeof(whole));
			strlcat(whole, part, sizeof(whole));
			done += printed;
		}
		KUNIT_EXPECT_STREQ(test, whole, SOME_TEXT);
	}
}

static struct kunit_case seccomp_ranges_cases[] = {
	KUNIT_CASE(seccomp_ranges_grow_at_both_ends),
	KUNIT_CASE(seccomp_ranges_do_not_wrap),
	KUNIT_CASE(seccomp_ranges_distinguish_architectures),
	KUNIT_CASE(seccomp_ranges_join_nearest_if_full),
	KUNIT_CASE(seccomp_ranges_join_within_architecture),
#if SYSCALLS_X32
	KUNIT_CASE(seccomp_ranges_join_across_used_numbers_last),
#endif
	KUNIT_CASE(seccomp_ranges_have_all_numbers),
	KUNIT_CASE(seccomp_ranges_match_bitmap),
	KUNIT_CASE(seccomp_ranges_sort_merges),
	KUNIT_CASE(seccomp_ranges_sort_at_the_end),
	KUNIT_CASE(seccomp_ranges_print_all),
	KUNIT_CASE(seccomp_ranges_print_whole_ranges_only),
	KUNIT_CASE(seccomp_ranges_print_in_parts),
	{ }
};

static struct kunit_suite seccomp_ranges_suite = {
	.name = "seccomp_ranges",
	.test_cases = seccomp_ranges_cases,
};

kunit_test_suite(seccomp_ranges_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
