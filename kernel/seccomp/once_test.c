// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for the memory of log-once.
 */

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "internal.h"
#include "once.h"
#include "threads_test.h"

#define SLOTS		BIT(ONCE_BITS)

/* Calls that fit into the memory, and calls that do not */
#define SOME		600
#define MANY		20000

/* Records of a call that audit refuses before it takes one */
#define REFUSALS	3

#ifdef SECCOMP_ARCH_NATIVE
# define NATIVE		SECCOMP_ARCH_NATIVE
#else
# define NATIVE		0
#endif

static u64 nth_key(unsigned int n)
{
	return seccomp_once_key(n % 500, NATIVE, n / 500 % 8, n / 4000);
}

static struct seccomp_once *memory(struct kunit *test)
{
	struct seccomp_once *once;

	once = kunit_kzalloc(test, sizeof(*once), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, once);
	return once;
}

/* Keys */

static int key_order(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return left < right ? -1 : left > right;
}

static const u32 numbers[] = {
	0, 1, 2, 15, 16, 255, 450, 0xffff, 0x10000, 0x3fffffff, 0x40000000,
	0x40000001, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
};

static const u16 data[] = {
	0, 1, 2, 15, 16, 255, 256, 0x7fff, 0x8000, 0xffff,
};

static const u32 arches[] = {
	NATIVE,
#ifdef SECCOMP_ARCH_COMPAT
	SECCOMP_ARCH_COMPAT,
#endif
};

static void seccomp_once_keys_differ(struct kunit *test)
{
	const size_t max = ARRAY_SIZE(numbers) * ARRAY_SIZE(data) *
			   ARRAY_SIZE(arches) * SECCOMP_ACTIONS;
	size_t nr = 0;
	u64 *keys;

	keys = kunit_kcalloc(test, max, sizeof(*keys), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, keys);
	for (int n = 0; n < ARRAY_SIZE(numbers); n++)
		for (int d = 0; d < ARRAY_SIZE(data); d++)
			for (int a = 0; a < ARRAY_SIZE(arches); a++)
				for (u8 act = 0; act < SECCOMP_ACTIONS; act++)
					keys[nr++] =
						seccomp_once_key(numbers[n],
								 arches[a], act,
								 data[d]);
	sort(keys, nr, sizeof(*keys), key_order, NULL);
	for (size_t i = 0; i < nr; i++) {
		KUNIT_EXPECT_NE(test, 0ULL, keys[i]);
		/* there is room for the state */
		KUNIT_EXPECT_EQ(test, 0ULL, keys[i] & ONCE_STATE_MASK);
		if (i)
			KUNIT_EXPECT_NE(test, keys[i - 1], keys[i]);
	}
}

static void seccomp_once_no_key_for_other_architectures(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, 0ULL, seccomp_once_key(1, AUDIT_ARCH_ALPHA, 6, 0));
	KUNIT_EXPECT_EQ(test, 0ULL, seccomp_once_key(1, 0x1234, 6, 0));
}

/* One after the other */

static void seccomp_once_remembers_what_is_written(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);
	int slot;

	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, key));
	slot = seccomp_once_claim(once, key);
	KUNIT_ASSERT_GE(test, slot, 0);
	/* somebody writes it now */
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, key));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim(once, key));
	seccomp_once_settle(once, slot, true);
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, key));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim(once, key));
	/* others are as before */
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, nth_key(2)));
}

static void seccomp_once_forgets_what_is_refused(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);

	for (int n = 0; n < 5; n++) {
		int slot = seccomp_once_claim(once, key);

		KUNIT_ASSERT_GE(test, slot, 0);
		KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, key));
		seccomp_once_settle(once, slot, n == 4);
		KUNIT_EXPECT_EQ(test, n == 4, seccomp_once_knows(once, key));
	}
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim(once, key));
}

/* The slots that are taken, each with a key of its own */
static unsigned int count_slots(struct kunit *test,
				const struct seccomp_once *once)
{
	unsigned int nr = 0;
	u64 *keys;

	keys = kunit_kcalloc(test, SLOTS, sizeof(*keys), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, keys);
	for (unsigned int slot = 0; slot < SLOTS; slot++) {
		u64 value = atomic64_read(&once->slots[slot]);

		if (value)
			keys[nr++] = value & ~(u64)ONCE_STATE_MASK;
	}
	sort(keys, nr, sizeof(*keys), key_order, NULL);
	for (unsigned int i = 1; i < nr; i++)
		KUNIT_EXPECT_NE(test, keys[i - 1], keys[i]);
	kunit_kfree(test, keys);
	return nr;
}

/* What cannot be remembered is never said to be written. */
static void seccomp_once_full(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	unsigned int claimed = 0, refused = 0;
	bool *has;

	has = kunit_kcalloc(test, MANY, sizeof(*has), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, has);
	for (unsigned int n = 0; n < MANY; n++) {
		int slot;

		KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, nth_key(n)));
		slot = seccomp_once_claim(once, nth_key(n));
		if (slot < 0) {
			KUNIT_EXPECT_EQ(test, -ENOSPC, slot);
			KUNIT_EXPECT_FALSE(test,
					   seccomp_once_knows(once, nth_key(n)));
			continue;
		}
		has[n] = true;
		claimed++;
		seccomp_once_settle(once, slot, n % 2);
	}
	KUNIT_EXPECT_EQ(test, claimed, (unsigned int)SLOTS);
	KUNIT_EXPECT_EQ(test, claimed, count_slots(test, once));

	for (unsigned int n = 0; n < MANY; n++) {
		int slot = seccomp_once_claim(once, nth_key(n));

		if (!has[n]) {
			KUNIT_EXPECT_EQ(test, -ENOSPC, slot);
		} else if (n % 2) {
			KUNIT_EXPECT_EQ(test, -EEXIST, slot);
		} else {
			/* refused before: it has its slot still */
			KUNIT_EXPECT_GE(test, slot, 0);
			refused++;
		}
	}
	KUNIT_EXPECT_NE(test, 0U, refused);
}

/* The last slot that a key may have is as good as the first. */
static void seccomp_once_last_probe(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);
	int slot;

	for (unsigned int probe = 0; probe < ONCE_PROBES - 1; probe++)
		atomic64_set(&once->slots[once_slot(key, probe)],
			     nth_key(2 + probe) | ONCE_WRITTEN);
	slot = seccomp_once_claim(once, key);
	KUNIT_ASSERT_EQ(test, (int)once_slot(key, ONCE_PROBES - 1), slot);
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, key));
	seccomp_once_settle(once, slot, true);
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, key));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim(once, key));

	/* there is none after it */
	atomic64_set(&once->slots[slot], nth_key(0) | ONCE_WRITTEN);
	KUNIT_EXPECT_EQ(test, -ENOSPC, seccomp_once_claim(once, key));
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, key));
}

/* At once */

struct race {
	struct seccomp_once *once;
	unsigned int refusals;		/* of each call's records */
	atomic_t claims[SOME];
	atomic_t writers[SOME];		/* at this moment */
	bool written[SOME];
	atomic_t strange;
};

/* One attempt to have the record of a call written */
static void write_record(struct race *race, unsigned int n)
{
	int slot = seccomp_once_claim(race->once, nth_key(n));
	bool written;

	if (slot < 0) {
		if (slot != -EEXIST)
			atomic_inc(&race->strange);
		return;
	}
	if (atomic_inc_return(&race->writers[n]) != 1)
		atomic_inc(&race->strange);
	written = atomic_inc_return(&race->claims[n]) > race->refusals;
	if (written)
		WRITE_ONCE(race->written[n], true);
	atomic_dec(&race->writers[n]);
	seccomp_once_settle(race->once, slot, written);
}

static void write_records(unsigned int thread, void *data)
{
	struct race *race = data;

	for (unsigned int i = 0; i < SOME; i++) {
		/* half of them side by side, the others somewhere else */
		unsigned int n = thread % 2 ? (i + thread * 50) % SOME : i;

		do {
			write_record(race, n);
			cond_resched();
		} while (!READ_ONCE(race->written[n]));
		write_record(race, n);
	}
}

static void expect_race(struct kunit *test, unsigned int refusals)
{
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->once = memory(test);
	race->refusals = refusals;
	threads_run(test, write_records, race);

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&race->strange));
	for (unsigned int n = 0; n < SOME; n++) {
		/* exactly so often, by whoever it was */
		KUNIT_EXPECT_EQ_MSG(test, (int)refusals + 1,
				    atomic_read(&race->claims[n]), "key %u", n);
		KUNIT_EXPECT_TRUE(test,
				  seccomp_once_knows(race->once, nth_key(n)));
	}
	KUNIT_EXPECT_EQ(test, (unsigned int)SOME, count_slots(test, race->once));
	kunit_kfree(test, race->once);
	kunit_kfree(test, race);
}

static void seccomp_once_one_of_many_threads_writes(struct kunit *test)
{
	for (int n = 0; n < 10; n++)
		expect_race(test, 0);
}

static void seccomp_once_threads_write_again_what_is_refused(struct kunit *test)
{
	for (int n = 0; n < 10; n++)
		expect_race(test, REFUSALS);
}

struct steps {
	struct seccomp_once *once;
	atomic_t arrived;
	atomic_t claims[SOME];
};

/* Two threads come to each key at the same moment. */
static void claim_in_step(unsigned int thread, void *data)
{
	struct steps *steps = data;

	if (thread >= 2)
		return;
	for (int n = 0; n < SOME; n++) {
		atomic_inc(&steps->arrived);
		while (atomic_read(&steps->arrived) < 2 * (n + 1))
			cond_resched();
		if (seccomp_once_claim(steps->once, nth_key(n)) >= 0)
			atomic_inc(&steps->claims[n]);
	}
}

/* The slower one looks again at the slot that it did not get. */
static void seccomp_once_two_threads_in_step(struct kunit *test)
{
	struct steps *steps = kunit_kzalloc(test, sizeof(*steps), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, steps);
	steps->once = memory(test);
	threads_run(test, claim_in_step, steps);
	for (unsigned int n = 0; n < SOME; n++)
		KUNIT_EXPECT_EQ_MSG(test, 1, atomic_read(&steps->claims[n]),
				    "key %u", n);
	KUNIT_EXPECT_EQ(test, (unsigned int)SOME,
			count_slots(test, steps->once));
}

struct crowd {
	struct seccomp_once *once;
	atomic_t claims[MANY];
	atomic_t none[MANY];
	atomic_t strange;
};

static void fill_memory(unsigned int thread, void *data)
{
	struct crowd *crowd = data;

	for (unsigned int n = 0; n < MANY / 5; n++) {
		int slot = seccomp_once_claim(crowd->once, nth_key(n));

		if (slot >= 0) {
			atomic_inc(&crowd->claims[n]);
			seccomp_once_settle(crowd->once, slot, true);
		} else if (slot == -ENOSPC) {
			atomic_inc(&crowd->none[n]);
		} else if (slot != -EEXIST) {
			atomic_inc(&crowd->strange);
		}
		if (n % 64 == thread)
			cond_resched();
	}
}

/* Where there is no room each thread writes; else one does. */
static void seccomp_once_threads_fill_memory(struct kunit *test)
{
	struct crowd *crowd = kunit_kzalloc(test, sizeof(*crowd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, crowd);
	crowd->once = memory(test);
	threads_run(test, fill_memory, crowd);

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&crowd->strange));
	for (unsigned int n = 0; n < MANY / 5; n++) {
		int claims = atomic_read(&crowd->claims[n]);

		KUNIT_EXPECT_EQ_MSG(test, claims ? 0 : THREADS,
				    atomic_read(&crowd->none[n]), "key %u", n);
		KUNIT_EXPECT_LE_MSG(test, claims, 1, "key %u", n);
		KUNIT_EXPECT_EQ_MSG(test, (bool)claims,
				    seccomp_once_knows(crowd->once, nth_key(n)),
				    "key %u", n);
	}
	count_slots(test, crowd->once);
}

static int seccomp_once_init(struct kunit *test)
{
	if (!NATIVE)
		kunit_skip(test, "no architecture is told from others");
	return 0;
}

static struct kunit_case seccomp_once_cases[] = {
	KUNIT_CASE(seccomp_once_keys_differ),
	KUNIT_CASE(seccomp_once_no_key_for_other_architectures),
	KUNIT_CASE(seccomp_once_remembers_what_is_written),
	KUNIT_CASE(seccomp_once_forgets_what_is_refused),
	KUNIT_CASE(seccomp_once_full),
	KUNIT_CASE(seccomp_once_last_probe),
	KUNIT_CASE(seccomp_once_one_of_many_threads_writes),
	KUNIT_CASE(seccomp_once_threads_write_again_what_is_refused),
	KUNIT_CASE(seccomp_once_two_threads_in_step),
	KUNIT_CASE(seccomp_once_threads_fill_memory),
	{ }
};

static struct kunit_suite seccomp_once_suite = {
	.name = "seccomp_once",
	.init = seccomp_once_init,
	.test_cases = seccomp_once_cases,
};

kunit_test_suite(seccomp_once_suite);

MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING);
MODULE_LICENSE("GPL");
