// SPDX-License-Identifier: GPL-2.0
/*
 * seccomp: log-once. The state of a filter has entries: one for each system
 * call with a constant answer, and slots for the others, which have keys. The
 * task that writes a record claims the entry. Equal system calls are not logged
 * while the entry is claimed.
 *
 * Audit does not tell what becomes of a record that it has taken. A new
 * generation of audit tells that records may have been lost. Then a rescan
 * starts: one entry after the other is released, and the next such system call
 * is logged again. The rescan ends when it has visited all entries and no
 * records were lost since it started or restarted. While records are being lost
 * it becomes slower, so that log-once does not add to an overload of audit.
 */

#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <kunit/visibility.h>

#include "abi.h"
#include "due.h"
#include "internal.h"
#include "once.h"

/* Pause between two releases: at first, and while records are being lost */
#define ONCE_PAUSE_MIN	max(HZ / 50, 1)
#define ONCE_PAUSE_MAX	HZ

/* Widths of the parts of a key beside the number */
#define KEY_DATA_BITS	16
#define KEY_ACTION_BITS	3
#define KEY_ABI_BITS	2
#define KEY_BITS	(32 + KEY_DATA_BITS + KEY_ACTION_BITS + KEY_ABI_BITS)

/**
 * seccomp_once_key() - the key of a system call and the value returned for it
 * @nr: system call number
 * @arch: AUDIT_ARCH_*
 * @action: the returned action as seccomp_action_index() numbers it
 * @data: the returned data
 *
 * Context: Any.
 * Return: A key, without %ONCE_LOGGED; 0 for an architecture without an ABI
 * here.
 */
u64 seccomp_once_key(int nr, u32 arch, u8 action, u16 data)
{
	const struct seccomp_abi *abi = seccomp_abi_find(nr, arch);
	u64 key = (u32)nr;

	/* One bit is left for %ONCE_LOGGED. */
	static_assert(KEY_BITS < 64);
	static_assert(BIT(KEY_ACTION_BITS) >= SECCOMP_ACTIONS);
	static_assert(BIT(KEY_ABI_BITS) > SECCOMP_ABIS);

	if (!abi)
		return 0;
	key = key << KEY_DATA_BITS | data;
	key = key << KEY_ACTION_BITS | action;
	key = key << KEY_ABI_BITS | (abi - seccomp_abis + 1);
	return key << 1;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_key);

/**
 * seccomp_once_create() - make the log-once state of a filter
 *
 * Context: Task context, may sleep.
 * Return: The state, for seccomp_once_free(); NULL without memory.
 */
struct seccomp_once *seccomp_once_create(void)
{
	struct seccomp_once *once;

	once = kzalloc(sizeof(*once), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!once)
		return NULL;
	once->left_out = alloc_percpu_gfp(u64, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!once->left_out) {
		kfree(once);
		return NULL;
	}

	spin_lock_init(&once->lock);
	once->generation = audit_generation();
	once->seen = once->generation;
	once->next_time = jiffies;
	return once;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_create);

/**
 * seccomp_once_free() - free the log-once state of a filter
 * @once: the state, or NULL
 *
 * Context: Any but interrupts.
 * Return: How many system calls log-once did not log.
 */
u64 seccomp_once_free(struct seccomp_once *once)
{
	u64 left_out = 0;
	int cpu;

	if (!once)
		return 0;

	for_each_possible_cpu(cpu)
		left_out += *per_cpu_ptr(once->left_out, cpu);
	free_percpu(once->left_out);
	kvfree(once->slots);
	kfree(once);
	return left_out;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_free);

/**
 * seccomp_once_forget() - release an entry, so that the system call is logged
 * again
 * @once: the state of a filter
 * @entry: any entry
 *
 * Context: Any, without a lock.
 * Return: true if the entry was claimed.
 */
bool seccomp_once_forget(struct seccomp_once *once, unsigned int entry)
{
	atomic64_t *slots, *slot;

	if (entry < SECCOMP_SYSCALLS)
		return test_bit(entry, once->logged) &&
		       test_and_clear_bit(entry, once->logged);

	/* Pairs with the cmpxchg in get_slots(). */
	slots = smp_load_acquire(&once->slots);
	if (!slots)
		return false;
	slot = &slots[entry - SECCOMP_SYSCALLS];
	return atomic64_read(slot) & ONCE_LOGGED &&
	       atomic64_fetch_andnot(ONCE_LOGGED, slot) & ONCE_LOGGED;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_forget);

/* Visit entries up to the next one that is claimed, and release it. */
static void forget_next(struct seccomp_once *once)
{
	lockdep_assert_held(&once->lock);

	while (once->left) {
		unsigned int entry = once->next_entry;

		once->next_entry = (entry + 1) % ONCE_ENTRIES;
		WRITE_ONCE(once->left, once->left - 1);
		if (seccomp_once_forget(once, entry))
			return;
	}
}

/* Records may have been lost: do the part of the rescan that is due. */
static void continue_rescan(struct seccomp_once *once)
{
	unsigned int generation;

	/* The task that holds the lock does it. */
	if (!spin_trylock(&once->lock))
		return;

	generation = audit_generation();
	if (generation != once->seen) {
		if (once->left)
			once->losses = true;
		else
			once->pause = ONCE_PAUSE_MIN;
		once->seen = generation;
		WRITE_ONCE(once->left, ONCE_ENTRIES);
		/*
		 * Read the generation before an entry is released: if a record
		 * is lost for which an entry is claimed later, there will be
		 * another generation.
		 */
		smp_mb();
	}
	if (once->left && seccomp_is_due(once->next_time, ONCE_PAUSE_MAX)) {
		forget_next(once);
		if (once->losses)
			once->pause = min_t(unsigned long, 2 * once->pause,
					    ONCE_PAUSE_MAX);
		once->losses = false;
		WRITE_ONCE(once->next_time, jiffies + once->pause);
	}
	if (!once->left)
		WRITE_ONCE(once->generation, once->seen);
	spin_unlock(&once->lock);
}

static void check_generation(struct seccomp_once *once)
{
	if (likely(READ_ONCE(once->generation) == audit_generation()))
		return;
	/*
	 * Between two releases all tasks of a filter would meet at the lock. A
	 * loss in that time is noticed at the next release.
	 */
	if (!READ_ONCE(once->left) ||
	    seccomp_is_due(READ_ONCE(once->next_time), ONCE_PAUSE_MAX))
		continue_rescan(once);
}

/**
 * seccomp_once_claim_syscall() - claim the entry of a constant answer
 * @once: the state of the filter that decided
 * @index: the index of the system call
 *
 * Context: Any, without a lock.
 * Return: The entry, for seccomp_once_forget() if audit refuses the record;
 * -EEXIST if it is claimed.
 */
int seccomp_once_claim_syscall(struct seccomp_once *once, unsigned int index)
{
	check_generation(once);
	if (test_bit(index, once->logged) ||
	    test_and_set_bit(index, once->logged))
		return -EEXIST;
	return index;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_claim_syscall);

/* The slots, made if there are none; NULL without memory */
static atomic64_t *get_slots(struct seccomp_once *once)
{
	/* Pairs with the cmpxchg below: the slots are zero. */
	atomic64_t *slots = smp_load_acquire(&once->slots);
	atomic64_t *other;

	if (likely(slots))
		return slots;

	slots = kvcalloc(ONCE_SLOTS, sizeof(*slots),
			 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!slots)
		return NULL;
	other = cmpxchg(&once->slots, NULL, slots);
	if (!other)
		return slots;
	kvfree(slots);
	return other;
}

/**
 * seccomp_once_claim_key() - claim the entry of a key
 * @once: the state of the filter that decided
 * @key: the key, from seccomp_once_key()
 *
 * Context: Task context, may sleep.
 * Return: As seccomp_once_claim_syscall(); -ENOSPC if there is no room for the
 * key.
 */
int seccomp_once_claim_key(struct seccomp_once *once, u64 key)
{
	atomic64_t *slots = get_slots(once);
	unsigned int first = hash_64(key, ONCE_BITS);

	if (!key || !slots)
		return -ENOSPC;

	check_generation(once);
	for (unsigned int probe = 0; probe < ONCE_PROBES;) {
		unsigned int at = (first + probe) % ONCE_SLOTS;
		s64 old = atomic64_read(&slots[at]);

		if (!old || old == key) {
			if (atomic64_try_cmpxchg(&slots[at], &old,
						 key | ONCE_LOGGED))
				return SECCOMP_SYSCALLS + at;
			/* Another task was faster: look again. */
			continue;
		}
		if (old == (key | ONCE_LOGGED))
			return -EEXIST;
		probe++;
	}
	return -ENOSPC;
}
EXPORT_SYMBOL_IF_KUNIT(seccomp_once_claim_key);
