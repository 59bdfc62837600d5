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

/* Kinds that fit into the memory, and kinds that do not */
#define SOME		600
#define MANY		20000

/* Records of a kind that audit refuses before it takes one */
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

static void free_memory(struct kunit_resource *resource)
{
	seccomp_once_free(resource->data);
}

static struct seccomp_once *memory(struct kunit *test)
{
	struct seccomp_once *once = seccomp_once_create();

	KUNIT_ASSERT_NOT_NULL(test, once);
	kunit_alloc_resource(test, NULL, free_memory, GFP_KERNEL, once);
	return once;
}

/* What is kept of a key that is logged; false if it is not. Changes nothing. */
static bool is_logged(const struct seccomp_once *once, u64 key)
{
	for (unsigned int n = 0; once->slots && n < ONCE_SLOTS; n++)
		if (atomic64_read(&once->slots[n]) == (key | ONCE_LOGGED))
			return true;
	return false;
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
		/* there is room for the mark */
		KUNIT_EXPECT_EQ(test, 0ULL, keys[i] & ONCE_LOGGED);
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

static void seccomp_once_remembers_what_is_claimed(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);
	int entry;

	entry = seccomp_once_claim_key(once, key);
	KUNIT_ASSERT_GE(test, entry, (int)SECCOMP_SYSCALLS);
	KUNIT_EXPECT_TRUE(test, is_logged(once, key));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim_key(once, key));
	/* others are as before */
	KUNIT_EXPECT_FALSE(test, is_logged(once, nth_key(2)));

	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 5));
	KUNIT_EXPECT_EQ(test, 5, seccomp_once_claim_syscall(once, 5));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim_syscall(once, 5));
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, 5));
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 6));
}

static void seccomp_once_forgets_what_is_refused(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);

	for (int n = 0; n < 5; n++) {
		int entry = seccomp_once_claim_key(once, key);

		KUNIT_ASSERT_GE(test, entry, 0);
		KUNIT_EXPECT_TRUE(test, seccomp_once_forget(once, entry));
		KUNIT_EXPECT_FALSE(test, seccomp_once_forget(once, entry));
		KUNIT_EXPECT_FALSE(test, is_logged(once, key));

		KUNIT_ASSERT_EQ(test, 7, seccomp_once_claim_syscall(once, 7));
		KUNIT_EXPECT_TRUE(test, seccomp_once_forget(once, 7));
		KUNIT_EXPECT_FALSE(test, seccomp_once_forget(once, 7));
		KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 7));
	}
}

/* The slots that are taken, each with a key of its own */
static unsigned int count_slots(struct kunit *test,
				const struct seccomp_once *once)
{
	unsigned int nr = 0;
	u64 *keys;

	keys = kunit_kcalloc(test, ONCE_SLOTS, sizeof(*keys), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, keys);
	for (unsigned int slot = 0; slot < ONCE_SLOTS; slot++) {
		u64 value = atomic64_read(&once->slots[slot]);

		if (value)
			keys[nr++] = value & ~ONCE_LOGGED;
	}
	sort(keys, nr, sizeof(*keys), key_order, NULL);
	for (unsigned int i = 1; i < nr; i++)
		KUNIT_EXPECT_NE(test, keys[i - 1], keys[i]);
	kunit_kfree(test, keys);
	return nr;
}

/* What cannot be remembered is never said to be logged. */
static void seccomp_once_full(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	unsigned int claimed = 0, forgotten = 0;
	bool *has;

	has = kunit_kcalloc(test, MANY, sizeof(*has), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, has);
	for (unsigned int n = 0; n < MANY; n++) {
		int entry = seccomp_once_claim_key(once, nth_key(n));

		if (entry < 0) {
			KUNIT_EXPECT_EQ(test, -ENOSPC, entry);
			continue;
		}
		has[n] = true;
		claimed++;
		if (n % 2)
			seccomp_once_forget(once, entry);
	}
	KUNIT_EXPECT_EQ(test, claimed, (unsigned int)ONCE_SLOTS);
	KUNIT_EXPECT_EQ(test, claimed, count_slots(test, once));

	for (unsigned int n = 0; n < MANY; n++) {
		int entry = seccomp_once_claim_key(once, nth_key(n));

		if (!has[n]) {
			KUNIT_EXPECT_EQ(test, -ENOSPC, entry);
		} else if (n % 2) {
			/* it has its slot still */
			KUNIT_EXPECT_GE(test, entry, 0);
			forgotten++;
		} else {
			KUNIT_EXPECT_EQ(test, -EEXIST, entry);
		}
	}
	KUNIT_EXPECT_NE(test, 0U, forgotten);
}

/* The last slot that a key may have is as good as the first. */
static void seccomp_once_last_probe(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	u64 key = nth_key(1);
	int entry = seccomp_once_claim_key(once, key);
	unsigned int first, last;

	KUNIT_ASSERT_GE(test, entry, (int)SECCOMP_SYSCALLS);
	first = entry - SECCOMP_SYSCALLS;
	last = (first + ONCE_PROBES - 1) % ONCE_SLOTS;
	for (unsigned int probe = 0; probe < ONCE_PROBES - 1; probe++)
		atomic64_set(&once->slots[(first + probe) % ONCE_SLOTS],
			     nth_key(2 + probe) | ONCE_LOGGED);
	entry = seccomp_once_claim_key(once, key);
	KUNIT_ASSERT_EQ(test, (int)(SECCOMP_SYSCALLS + last), entry);
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim_key(once, key));

	/* there is none after it */
	atomic64_set(&once->slots[last], nth_key(0) | ONCE_LOGGED);
	KUNIT_EXPECT_EQ(test, -ENOSPC, seccomp_once_claim_key(once, key));
}

/* Records may have been lost */

#define PASS_KINDS	40

/* One call of each kind; how many of them are to be logged */
static unsigned int call_all(struct seccomp_once *once, unsigned int *logged)
{
	unsigned int claims = 0;

	for (unsigned int n = 0; n < PASS_KINDS; n++) {
		int entry = n % 2 ? seccomp_once_claim_key(once, nth_key(n)) :
				    seccomp_once_claim_syscall(once, n);

		if (entry < 0)
			continue;
		claims++;
		logged[n]++;
	}
	return claims;
}

/* Audit has another generation than what is remembered. */
static void lose(struct seccomp_once *once)
{
	once->generation--;
	once->seen--;
}

/* Each kind is logged again, and then none. */
static void seccomp_once_logs_again_what_may_be_lost(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	unsigned int logged[PASS_KINDS] = {};
	unsigned int rounds = 0;

	KUNIT_ASSERT_EQ(test, (unsigned int)PASS_KINDS, call_all(once, logged));
	KUNIT_ASSERT_EQ(test, 0U, call_all(once, logged));

	lose(once);
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 0));
	while (once->generation != audit_generation()) {
		KUNIT_ASSERT_LT(test, rounds++, 10U * PASS_KINDS);
		once->next_time = jiffies;
		call_all(once, logged);
	}
	for (unsigned int n = 0; n < PASS_KINDS; n++)
		KUNIT_EXPECT_EQ_MSG(test, 2U, logged[n], "kind %u", n);
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, 0));
	KUNIT_EXPECT_EQ(test, 0U, call_all(once, logged));
}

/* Not at once: one kind is forgotten, and the next one after a while. */
static void seccomp_once_takes_its_time(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	unsigned int logged[PASS_KINDS] = {};
	unsigned long pause;

	call_all(once, logged);
	lose(once);
	KUNIT_EXPECT_GE(test, 1U, call_all(once, logged));
	pause = once->pause;
	once->next_time = jiffies + HZ;
	KUNIT_EXPECT_GE(test, 1U, call_all(once, logged));
	KUNIT_EXPECT_EQ(test, 0U, call_all(once, logged));

	/* ever slower as more is lost, to an end; quick again after a pass */
	for (int n = 0; n < 20; n++) {
		once->seen--;
		once->next_time = jiffies;
		call_all(once, logged);
		KUNIT_EXPECT_EQ(test, once->pause,
				min_t(unsigned long, 2 * pause, HZ));
		pause = once->pause;
	}
	KUNIT_EXPECT_EQ(test, pause, (unsigned long)HZ);
	while (once->left) {
		once->next_time = jiffies;
		call_all(once, logged);
	}
	lose(once);
	call_all(once, logged);
	KUNIT_EXPECT_GT(test, (unsigned long)HZ, once->pause);
}

/* A loss in the middle of a pass: what was before is logged once more. */
static void seccomp_once_passes_begin_again(struct kunit *test)
{
	struct seccomp_once *once = memory(test);
	unsigned int logged[PASS_KINDS] = {};

	call_all(once, logged);
	lose(once);
	for (unsigned int n = 0; n < PASS_KINDS / 2; n++) {
		once->next_time = jiffies;
		call_all(once, logged);
	}
	KUNIT_EXPECT_NE(test, once->generation, audit_generation());
	once->seen--;
	while (once->generation != audit_generation()) {
		once->next_time = jiffies;
		call_all(once, logged);
	}
	for (unsigned int n = 0; n < PASS_KINDS; n++) {
		KUNIT_EXPECT_LE_MSG(test, 2U, logged[n], "kind %u", n);
		KUNIT_EXPECT_GE_MSG(test, 3U, logged[n], "kind %u", n);
	}
}

/* At once */

struct race {
	struct seccomp_once *once;
	unsigned int refusals;		/* of each kind's records */
	atomic_t claims[SOME];
	atomic_t writers[SOME];		/* at this moment */
	bool written[SOME];
	atomic_t strange;
};

/* One attempt to have the record of a kind written */
static void write_record(struct race *race, unsigned int n)
{
	int entry = seccomp_once_claim_key(race->once, nth_key(n));
	bool written;

	if (entry < 0) {
		if (entry != -EEXIST)
			atomic_inc(&race->strange);
		return;
	}
	if (atomic_inc_return(&race->writers[n]) != 1)
		atomic_inc(&race->strange);
	written = atomic_inc_return(&race->claims[n]) > race->refusals;
	if (written)
		WRITE_ONCE(race->written[n], true);
	atomic_dec(&race->writers[n]);
	if (!written)
		seccomp_once_forget(race->once, entry);
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
		/* exactly that often, in whichever thread */
		KUNIT_EXPECT_EQ_MSG(test, (int)refusals + 1,
				    atomic_read(&race->claims[n]), "key %u", n);
		KUNIT_EXPECT_TRUE(test, is_logged(race->once, nth_key(n)));
	}
	KUNIT_EXPECT_EQ(test, (unsigned int)SOME, count_slots(test, race->once));
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
	atomic_t keys[SOME];
	atomic_t calls[SOME];
};

/* Two threads come to each kind at the same moment. */
static void claim_in_step(unsigned int thread, void *data)
{
	struct steps *steps = data;

	if (thread >= 2)
		return;
	for (int n = 0; n < SOME; n++) {
		atomic_inc(&steps->arrived);
		while (atomic_read(&steps->arrived) < 2 * (n + 1))
			cond_resched();
		if (seccomp_once_claim_key(steps->once, nth_key(n)) >= 0)
			atomic_inc(&steps->keys[n]);
		if (n < SECCOMP_SYSCALLS &&
		    seccomp_once_claim_syscall(steps->once, n) >= 0)
			atomic_inc(&steps->calls[n]);
	}
}

/* The slower one looks again at the slot that it did not get. */
static void seccomp_once_two_threads_in_step(struct kunit *test)
{
	struct steps *steps = kunit_kzalloc(test, sizeof(*steps), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, steps);
	steps->once = memory(test);
	threads_run(test, claim_in_step, steps);
	for (unsigned int n = 0; n < SOME; n++) {
		KUNIT_EXPECT_EQ_MSG(test, 1, atomic_read(&steps->keys[n]),
				    "key %u", n);
		if (n < SECCOMP_SYSCALLS)
			KUNIT_EXPECT_EQ_MSG(test, 1,
					    atomic_read(&steps->calls[n]),
					    "call %u", n);
	}
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
		int entry = seccomp_once_claim_key(crowd->once, nth_key(n));

		if (entry >= 0)
			atomic_inc(&crowd->claims[n]);
		else if (entry == -ENOSPC)
			atomic_inc(&crowd->none[n]);
		else if (entry != -EEXIST)
			atomic_inc(&crowd->strange);
		seccomp_once_count(crowd->once);
		if (n % 64 == thread)
			cond_resched();
	}
}

/* If there is no room each thread writes; else one does. */
static void seccomp_once_threads_fill_memory(struct kunit *test)
{
	struct crowd *crowd = kunit_kzalloc(test, sizeof(*crowd), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, crowd);
	crowd->once = seccomp_once_create();
	KUNIT_ASSERT_NOT_NULL(test, crowd->once);
	threads_run(test, fill_memory, crowd);

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&crowd->strange));
	for (unsigned int n = 0; n < MANY / 5; n++) {
		int claims = atomic_read(&crowd->claims[n]);

		KUNIT_EXPECT_EQ_MSG(test, claims ? 0 : THREADS,
				    atomic_read(&crowd->none[n]), "key %u", n);
		KUNIT_EXPECT_LE_MSG(test, claims, 1, "key %u", n);
		KUNIT_EXPECT_EQ_MSG(test, (bool)claims,
				    is_logged(crowd->once, nth_key(n)),
				    "key %u", n);
	}
	count_slots(test, crowd->once);
	/* what all processors have counted */
	KUNIT_EXPECT_EQ(test, (u64)THREADS * (MANY / 5),
			seccomp_once_free(crowd->once));
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
	KUNIT_CASE(seccomp_once_remembers_what_is_claimed),
	KUNIT_CASE(seccomp_once_forgets_what_is_refused),
	KUNIT_CASE(seccomp_once_full),
	KUNIT_CASE(seccomp_once_last_probe),
	KUNIT_CASE(seccomp_once_logs_again_what_may_be_lost),
	KUNIT_CASE(seccomp_once_takes_its_time),
	KUNIT_CASE(seccomp_once_passes_begin_again),
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
