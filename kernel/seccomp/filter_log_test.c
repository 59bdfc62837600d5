// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for the ids of filters.
 */

#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "filter_log.h"
#include "internal.h"
#include "threads_test.h"

#define IDS		20000

static int id_order(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

static void get_ids(unsigned int thread, void *data)
{
	u64 *ids = (u64 *)data + thread * IDS;

	for (unsigned int n = 0; n < IDS; n++)
		ids[n] = seccomp_filter_new_id();
}

static void seccomp_filter_log_ids_are_unique(struct kunit *test)
{
	u64 *ids = kvcalloc(THREADS * IDS, sizeof(*ids), GFP_KERNEL);
	unsigned int zeros = 0, duplicates = 0, backwards = 0;

	KUNIT_ASSERT_NOT_NULL(test, ids);
	threads_run(test, get_ids, ids);
	for (unsigned int n = 0; n < THREADS * IDS; n++) {
		zeros += !ids[n];
		if (n % IDS)
			backwards += ids[n] <= ids[n - 1];
	}
	sort(ids, THREADS * IDS, sizeof(*ids), id_order, NULL);
	for (unsigned int n = 1; n < THREADS * IDS; n++)
		duplicates += ids[n] == ids[n - 1];
	kvfree(ids);

	KUNIT_EXPECT_EQ(test, 0U, zeros);
	KUNIT_EXPECT_EQ(test, 0U, duplicates);
	KUNIT_EXPECT_EQ(test, 0U, backwards);
}

/* An id does not show how many there were before, and cannot overflow. */
static void seccomp_filter_log_ids_start_at_random(struct kunit *test)
{
	u64 id = seccomp_filter_new_id();

	/* fails by chance for one boot in a billion */
	KUNIT_EXPECT_GT(test, id, (u64)U32_MAX);
	KUNIT_EXPECT_LT(test, id, BIT_ULL(63));
}

/* The difference of two ids does not show how many are between them. */
static void seccomp_filter_log_ids_have_random_gaps(struct kunit *test)
{
	u64 last = seccomp_filter_new_id();
	unsigned long seen = 0;

	for (int n = 0; n < 2000; n++) {
		u64 id = seccomp_filter_new_id();

		KUNIT_ASSERT_GT(test, id, last);
		if (id - last < BITS_PER_LONG)
			seen |= BIT(id - last);
		last = id;
	}
	KUNIT_EXPECT_GE(test, hweight_long(seen), 8UL);
}

static struct kunit_case seccomp_filter_log_cases[] = {
	KUNIT_CASE(seccomp_filter_log_ids_are_unique),
	KUNIT_CASE(seccomp_filter_log_ids_start_at_random),
	KUNIT_CASE(seccomp_filter_log_ids_have_random_gaps),
	{ }
};

static struct kunit_suite seccomp_filter_log_suite = {
	.name = "seccomp_filter_log",
	.test_cases = seccomp_filter_log_cases,
};

kunit_test_suite(seccomp_filter_log_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
