// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit tests for the state of log-once.
 */

#include <kunit/test.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "internal.h"
#include "once.h"
#include "threads_test.h"

/* Number of keys that fit into the slots, and of keys that do not */
#define KEYS_FIT		600
#define KEYS_TOO_MANY		20000

/* Number of records of a key that are lost before one is written */
#define LOSSES	3

#ifdef SECCOMP_ARCH_NATIVE
# define NATIVE		SECCOMP_ARCH_NATIVE
#else
# define NATIVE		0
#endif

static u64 nth_key(unsigned int n)
{
	return seccomp_once_key(n % 500, NATIVE, n / 500 % 8, n / 4000);
}

static void put_once(struct kunit_resource *resource)
{
	seccomp_once_free(resource->data);
}

static struct seccomp_once *once_create(struct kunit *test)
{
	struct seccomp_once *once = seccomp_once_create();

	KUNIT_ASSERT_NOT_NULL(test, once);
	kunit_alloc_resource(test, NULL, put_once, GFP_KERNEL, once);
	return once;
}

/* Does a slot have the key, claimed? */
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
		/* the bit of the claim is free */
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

/* Single-threaded */

static void seccomp_once_claims_once(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	u64 key = nth_key(1);
	int entry;

	entry = seccomp_once_claim_key(once, key);
	KUNIT_ASSERT_GE(test, entry, (int)SECCOMP_SYSCALLS);
	KUNIT_EXPECT_TRUE(test, is_logged(once, key));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim_key(once, key));
	/* other keys are not claimed */
	KUNIT_EXPECT_FALSE(test, is_logged(once, nth_key(2)));

	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 5));
	KUNIT_EXPECT_EQ(test, 5, seccomp_once_claim_syscall(once, 5));
	KUNIT_EXPECT_EQ(test, -EEXIST, seccomp_once_claim_syscall(once, 5));
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, 5));
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 6));
}

static void seccomp_once_forgets_lost_records(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
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

/* Count the slots that have a key. All keys must be different. */
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

/* A key without a slot can never be claimed. */
static void seccomp_once_slots_are_full(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	unsigned int claimed = 0, forgotten = 0;
	bool *has;

	has = kunit_kcalloc(test, KEYS_TOO_MANY, sizeof(*has), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, has);
	for (unsigned int n = 0; n < KEYS_TOO_MANY; n++) {
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

	for (unsigned int n = 0; n < KEYS_TOO_MANY; n++) {
		int entry = seccomp_once_claim_key(once, nth_key(n));

		if (!has[n]) {
			KUNIT_EXPECT_EQ(test, -ENOSPC, entry);
		} else if (n % 2) {
			/* it has kept its slot */
			KUNIT_EXPECT_GE(test, entry, 0);
			forgotten++;
		} else {
			KUNIT_EXPECT_EQ(test, -EEXIST, entry);
		}
	}
	KUNIT_EXPECT_NE(test, 0U, forgotten);
}

/* A key can be in the last slot that is probed. */
static void seccomp_once_last_probe(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
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

	/* there is no other slot for it */
	atomic64_set(&once->slots[last], nth_key(0) | ONCE_LOGGED);
	KUNIT_EXPECT_EQ(test, -ENOSPC, seccomp_once_claim_key(once, key));
}

/* The rescan after records may have been lost */

#define RESCAN_KEYS	40

/* Claim each key and index once. Returns how many are to be logged. */
static unsigned int claim_all(struct seccomp_once *once, unsigned int *logged)
{
	unsigned int claims = 0;

	for (unsigned int n = 0; n < RESCAN_KEYS; n++) {
		int entry = n % 2 ? seccomp_once_claim_key(once, nth_key(n)) :
				    seccomp_once_claim_syscall(once, n);

		if (entry < 0)
			continue;
		claims++;
		logged[n]++;
	}
	return claims;
}

/* As if audit had lost a record: its generation is newer than that of @once. */
static void simulate_loss(struct seccomp_once *once)
{
	once->generation--;
	once->seen--;
}

/* Each key is logged once more. */
static void seccomp_once_rescan_logs_again(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	unsigned int logged[RESCAN_KEYS] = {};
	unsigned int rounds = 0;

	KUNIT_ASSERT_EQ(test, (unsigned int)RESCAN_KEYS,
			claim_all(once, logged));
	KUNIT_ASSERT_EQ(test, 0U, claim_all(once, logged));

	simulate_loss(once);
	KUNIT_EXPECT_FALSE(test, seccomp_once_knows(once, 0));
	while (once->generation != audit_generation()) {
		KUNIT_ASSERT_LT(test, rounds++, 10U * RESCAN_KEYS);
		once->next_time = jiffies;
		claim_all(once, logged);
	}
	for (unsigned int n = 0; n < RESCAN_KEYS; n++)
		KUNIT_EXPECT_EQ_MSG(test, 2U, logged[n], "key %u", n);
	KUNIT_EXPECT_TRUE(test, seccomp_once_knows(once, 0));
	KUNIT_EXPECT_EQ(test, 0U, claim_all(once, logged));
}

/* The rescan releases one entry, and the next one after a pause. */
static void seccomp_once_rescan_is_paced(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	unsigned int logged[RESCAN_KEYS] = {};
	unsigned long pause;
	unsigned int seen;

	claim_all(once, logged);
	simulate_loss(once);
	KUNIT_EXPECT_GE(test, 1U, claim_all(once, logged));
	pause = once->pause;
	once->next_time = jiffies + HZ;
	KUNIT_EXPECT_GE(test, 1U, claim_all(once, logged));
	KUNIT_EXPECT_EQ(test, 0U, claim_all(once, logged));

	/* a loss in a pause is noticed after it */
	seen = --once->seen;
	claim_all(once, logged);
	KUNIT_EXPECT_EQ(test, seen, once->seen);

	/* each loss doubles the pause up to a limit; a rescan resets it */
	for (int n = 0; n < 20; n++) {
		once->seen--;
		once->next_time = jiffies;
		claim_all(once, logged);
		KUNIT_EXPECT_EQ(test, once->pause,
				min_t(unsigned long, 2 * pause, HZ));
		pause = once->pause;
	}
	KUNIT_EXPECT_EQ(test, pause, (unsigned long)HZ);
	while (once->left) {
		once->next_time = jiffies;
		claim_all(once, logged);
	}
	simulate_loss(once);
	claim_all(once, logged);
	KUNIT_EXPECT_GT(test, (unsigned long)HZ, once->pause);
}

/* The last release was so long ago that jiffies have wrapped. */
static void seccomp_once_rescan_starts_after_wrap(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	unsigned int logged[RESCAN_KEYS] = {};

	claim_all(once, logged);
	once->next_time = jiffies + LONG_MAX;
	simulate_loss(once);
	KUNIT_EXPECT_EQ(test, 1U, claim_all(once, logged));
}

/* After a loss the rescan restarts: some keys are logged once more. */
static void seccomp_once_rescan_restarts(struct kunit *test)
{
	struct seccomp_once *once = once_create(test);
	unsigned int logged[RESCAN_KEYS] = {};

	claim_all(once, logged);
	simulate_loss(once);
	for (unsigned int n = 0; n < RESCAN_KEYS / 2; n++) {
		once->next_time = jiffies;
		claim_all(once, logged);
	}
	KUNIT_EXPECT_NE(test, once->generation, audit_generation());
	once->seen--;
	while (once->generation != audit_generation()) {
		once->next_time = jiffies;
		claim_all(once, logged);
	}
	for (unsigned int n = 0; n < RESCAN_KEYS; n++) {
		KUNIT_EXPECT_LE_MSG(test, 2U, logged[n], "key %u", n);
		KUNIT_EXPECT_GE_MSG(test, 3U, logged[n], "key %u", n);
	}
}

/* Concurrent threads */

struct race {
	struct seccomp_once *once;
	unsigned int losses;		/* of records of each key */
	atomic_t claims[KEYS_FIT];
	atomic_t writers[KEYS_FIT];	/* threads that have claimed it */
	bool logged[KEYS_FIT];
	atomic_t errors;
};

/* Try to claim a key and to write its record. */
static void log_key(struct race *race, unsigned int n)
{
	int entry = seccomp_once_claim_key(race->once, nth_key(n));
	bool logged;

	if (entry < 0) {
		if (entry != -EEXIST)
			atomic_inc(&race->errors);
		return;
	}
	if (atomic_inc_return(&race->writers[n]) != 1)
		atomic_inc(&race->errors);
	logged = atomic_inc_return(&race->claims[n]) > race->losses;
	if (logged)
		WRITE_ONCE(race->logged[n], true);
	atomic_dec(&race->writers[n]);
	if (!logged)
		seccomp_once_forget(race->once, entry);
}

static void log_keys(unsigned int thread, void *data)
{
	struct race *race = data;

	for (unsigned int i = 0; i < KEYS_FIT; i++) {
		/* half of the threads use the same order, the others do not */
		unsigned int n = thread % 2 ? (i + thread * 50) % KEYS_FIT : i;

		do {
			log_key(race, n);
			cond_resched();
		} while (!READ_ONCE(race->logged[n]));
		log_key(race, n);
	}
}

static void expect_race(struct kunit *test, unsigned int losses)
{
	struct race *race = kunit_kzalloc(test, sizeof(*race), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, race);
	race->once = once_create(test);
	race->losses = losses;
	threads_run(test, log_keys, race);

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&race->errors));
	for (unsigned int n = 0; n < KEYS_FIT; n++) {
		/* exactly so many claims in all threads together */
		KUNIT_EXPECT_EQ_MSG(test, (int)losses + 1,
				    atomic_read(&race->claims[n]), "key %u", n);
		KUNIT_EXPECT_TRUE(test, is_logged(race->once, nth_key(n)));
	}
	KUNIT_EXPECT_EQ(test, (unsigned int)KEYS_FIT,
			count_slots(test, race->once));
	kunit_kfree(test, race);
}

static void seccomp_once_one_of_many_threads_logs(struct kunit *test)
{
	for (int n = 0; n < 10; n++)
		expect_race(test, 0);
}

static void seccomp_once_threads_log_again_after_loss(struct kunit *test)
{
	for (int n = 0; n < 10; n++)
		expect_race(test, LOSSES);
}

struct lockstep {
	struct seccomp_once *once;
	atomic_t arrived;
	atomic_t keys[KEYS_FIT];
	atomic_t calls[KEYS_FIT];
};

/* Two threads claim each key at the same time. */
static void claim_in_sync(unsigned int thread, void *data)
{
	struct lockstep *sync = data;

	if (thread >= 2)
		return;
	for (int n = 0; n < KEYS_FIT; n++) {
		atomic_inc(&sync->arrived);
		while (atomic_read(&sync->arrived) < 2 * (n + 1))
			cond_resched();
		if (seccomp_once_claim_key(sync->once, nth_key(n)) >= 0)
			atomic_inc(&sync->keys[n]);
		if (n < SECCOMP_SYSCALLS &&
		    seccomp_once_claim_syscall(sync->once, n) >= 0)
			atomic_inc(&sync->calls[n]);
	}
}

/* The slower thread checks again the slot that it did not get. */
static void seccomp_once_two_threads_in_lockstep(struct kunit *test)
{
	struct lockstep *sync = kunit_kzalloc(test, sizeof(*sync), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, sync);
	sync->once = once_create(test);
	threads_run(test, claim_in_sync, sync);
	for (unsigned int n = 0; n < KEYS_FIT; n++) {
		KUNIT_EXPECT_EQ_MSG(test, 1, atomic_read(&sync->keys[n]),
				    "key %u", n);
		if (n < SECCOMP_SYSCALLS)
			KUNIT_EXPECT_EQ_MSG(test, 1,
					    atomic_read(&sync->calls[n]),
					    "call %u", n);
	}
	KUNIT_EXPECT_EQ(test, (unsigned int)KEYS_FIT,
			count_slots(test, sync->once));
}

struct full_race {
	struct seccomp_once *once;
	atomic_t claims[KEYS_TOO_MANY];
	atomic_t none[KEYS_TOO_MANY];
	atomic_t errors;
};

static void fill_slots(unsigned int thread, void *data)
{
	struct full_race *full = data;

	for (unsigned int n = 0; n < KEYS_TOO_MANY / 5; n++) {
		int entry = seccomp_once_claim_key(full->once, nth_key(n));

		if (entry >= 0)
			atomic_inc(&full->claims[n]);
		else if (entry == -ENOSPC)
			atomic_inc(&full->none[n]);
		else if (entry != -EEXIST)
			atomic_inc(&full->errors);
		seccomp_once_count(full->once);
		if (n % 64 == thread)
			cond_resched();
	}
}

/* If a key has no slot all threads log it; else one does. */
static void seccomp_once_threads_fill_slots(struct kunit *test)
{
	struct full_race *full = kunit_kzalloc(test, sizeof(*full), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, full);
	full->once = seccomp_once_create();
	KUNIT_ASSERT_NOT_NULL(test, full->once);
	threads_run(test, fill_slots, full);

	KUNIT_EXPECT_EQ(test, 0, atomic_read(&full->errors));
	for (unsigned int n = 0; n < KEYS_TOO_MANY / 5; n++) {
		int claims = atomic_read(&full->claims[n]);

		KUNIT_EXPECT_EQ_MSG(test, claims ? 0 : THREADS,
				    atomic_read(&full->none[n]), "key %u", n);
		KUNIT_EXPECT_LE_MSG(test, claims, 1, "key %u", n);
		KUNIT_EXPECT_EQ_MSG(test, (bool)claims,
				    is_logged(full->once, nth_key(n)),
				    "key %u", n);
	}
	count_slots(test, full->once);
	/* the sum of all CPUs */
	KUNIT_EXPECT_EQ(test, (u64)THREADS * (KEYS_TOO_MANY / 5),
			seccomp_once_free(full->once));
}

static int seccomp_once_init(struct kunit *test)
{
	if (!NATIVE)
		kunit_skip(test, "no architecture has an ABI here");
	return 0;
}

static struct kunit_case seccomp_once_cases[] = {
	KUNIT_CASE(seccomp_once_keys_differ),
	KUNIT_CASE(seccomp_once_no_key_for_other_architectures),
	KUNIT_CASE(seccomp_once_claims_once),
	KUNIT_CASE(seccomp_once_forgets_lost_records),
	KUNIT_CASE(seccomp_once_slots_are_full),
	KUNIT_CASE(seccomp_once_last_probe),
	KUNIT_CASE(seccomp_once_rescan_logs_again),
	KUNIT_CASE(seccomp_once_rescan_is_paced),
	KUNIT_CASE(seccomp_once_rescan_starts_after_wrap),
	KUNIT_CASE(seccomp_once_rescan_restarts),
	KUNIT_CASE(seccomp_once_one_of_many_threads_logs),
	KUNIT_CASE(seccomp_once_threads_log_again_after_loss),
	KUNIT_CASE(seccomp_once_two_threads_in_lockstep),
	KUNIT_CASE(seccomp_once_threads_fill_slots),
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
