// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for when the summary of a filter is written again.
 */

#include <kunit/test.h>

#include "filter_summary.h"

/* The numbers of the checks at which it is written, as bits; 64 at most */
static u64 checks_that_write(const unsigned int *generations, unsigned int nr)
{
	struct seccomp_summary summary = {};
	u64 written = 0;

	for (unsigned int n = 0; n < nr; n++)
		if (seccomp_summary_again(&summary, generations[n]))
			written |= BIT_ULL(n);
	return written;
}

static void seccomp_summary_delay_doubles(struct kunit *test)
{
	unsigned int generations[64];

	/* audit loses records all the time; the number wraps meanwhile */
	for (unsigned int n = 0; n < 64; n++)
		generations[n] = U32_MAX - 20 + n;
	KUNIT_EXPECT_EQ(test, checks_that_write(generations, 64),
			GENMASK_ULL(SUMMARY_WRITES_MIN - 1, 0) | BIT_ULL(7) |
			BIT_ULL(15) | BIT_ULL(31) | BIT_ULL(63));
}

static void seccomp_summary_again_after_losses(struct kunit *test)
{
	static const unsigned int generations[] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 12, 13, 13, 13,
	};

	KUNIT_EXPECT_EQ(test, checks_that_write(generations,
						ARRAY_SIZE(generations)),
			GENMASK_ULL(SUMMARY_WRITES_MIN - 1, 0) | BIT_ULL(7) |
			BIT_ULL(10) | BIT_ULL(14) | BIT_ULL(15));
}

static struct kunit_case seccomp_filter_summary_cases[] = {
	KUNIT_CASE(seccomp_summary_delay_doubles),
	KUNIT_CASE(seccomp_summary_again_after_losses),
	{ }
};

static struct kunit_suite seccomp_filter_summary_suite = {
	.name = "seccomp_filter_summary",
	.test_cases = seccomp_filter_summary_cases,
};

kunit_test_suite(seccomp_filter_summary_suite);

MODULE_LICENSE("GPL");
